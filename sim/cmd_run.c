/* SPDX-License-Identifier: MIT
 * `selkirk run`: a guest program on an engine, its console on ours, a report afterwards.
 */
#include "sim/selkirk.h"
#include "sim/hot.h"
#include "sim/report.h"
#include "sim/tcache_dump.h"
#include <stdio.h>

static int finish(const struct machine *m, const struct options *o, int status, bool is_complete) {
    struct report r;
    if (o->report || o->report_json != NULL) {
        if (!report_collect(&r, m, o, status, is_complete))
            return status == 0 ? STATUS_BUG : status;
        if (o->report)
            report_text(&r, stderr);
        if (o->report_json != NULL && !report_json(&r, o->report_json))
            return STATUS_BAD_INPUT;
    }
    if (o->tcache_dump != NULL && !tcache_dump_write(m, o->tcache_dump))
        return STATUS_BAD_INPUT;
    return status;
}

int cmd_run(const struct options *o) {
    struct flash flash;
    struct machine m;
    struct engine_hooks hooks = {0};
    int status = guest_read(o, &flash);
    if (status != 0)
        return status;
    status = machine_open(&m, o, &flash);
    flash_free(&flash);
    if (status != 0)
        return status;
    if (o->trace_file != NULL && !m.engine->ops->trace(m.engine, o->trace_file)) {
        machine_close(&m);
        return bad_input("cannot write waves to '%s'", o->trace_file);
    }
    console_hooks(&hooks);
    struct hot *hot = o->hot ? hot_create() : NULL;
    if (hot != NULL)
        hot_hooks(hot, &hooks);
    enum engine_stop stop = m.engine->ops->run(m.engine, &hooks, o->max_cycles, o->max_guest_insns);
    fflush(stdout);
    console_restore();
    status = finish(&m, o, stop_status(&m, stop, o), stop == ENGINE_EXITED);
    if (hot != NULL) {
        hot_print(hot, &m, stderr);
        hot_destroy(hot);
    }
    machine_close(&m);
    return status;
}
