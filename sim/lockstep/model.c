/* SPDX-License-Identifier: MIT
 * Finding a model by name (model.h); opening a plug-in.
 */
#include "sim/lockstep/model.h"
#include "sim/cmd/selkirk.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

const struct model_ops *model_find(const char *name, const char *file) {
    char beside[4096];
    if (strcmp(name, "golden") == 0)
        return &golden_model;
    path_beside(beside, sizeof beside, "spike/model.so");
    if (file == NULL)
        file = beside;
    char *path = realpath(file, NULL); /* dlopen looks up a name without a slash elsewhere */
    if (path == NULL) {
        bad_input("--model %s: there is no plug-in '%s' (`make spike` builds it)", name, file);
        return NULL;
    }
    void *plug_in = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    free(path);
    const struct model_ops *ops = plug_in != NULL ? dlsym(plug_in, "selkirk_model") : NULL;
    if (ops == NULL)
        bad_input("--model %s: %s", name, dlerror());
    else if (ops->priv_bytes != sizeof(struct guest_priv))
        bad_input("--model %s: the plug-in '%s' is of another build (`make spike`)", name, file);
    return ops != NULL && ops->priv_bytes == sizeof(struct guest_priv) ? ops : NULL;
}
