/* SPDX-License-Identifier: MIT
 * `selkirk run`: a guest program on an engine, its console on ours, a report afterwards. Whatever
 * ends the run, every output is written, and one that cannot be does not cost the others.
 */
#include "sim/cmd/selkirk.h"
#include "sim/cmd/hot.h"
#include "sim/cmd/output.h"
#include "sim/cmd/pace.h"
#include "sim/cmd/report.h"
#include "sim/cmd/stop.h"
#include "sim/cmd/tcache_dump.h"
#include "machine.h"
#include <string.h>

enum { JSON, TCACHE, WAVES, OUTPUTS };

struct run {
    const struct options *o;
    struct machine m;
    struct hot *hot;
    struct output outputs[OUTPUTS];
};

/* An output that is also another one, or what is read. */
static int check_distinct(const struct run *r) {
    const char *const inputs[] = {r->o->guest_file, r->o->firmware};
    for (int i = 0; i < OUTPUTS; i++) {
        for (int k = 0; k < i; k++)
            if (output_is_same(&r->outputs[i], r->outputs[k].path))
                return bad_input("'%s' and '%s' are one file: two outputs do not fit in it",
                                 r->outputs[k].path, r->outputs[i].path);
        for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++)
            if (output_is_same(&r->outputs[i], inputs[k]))
                return bad_input("'%s' would be overwritten: it is read", r->outputs[i].path);
    }
    return 0;
}

/* The wave writer goes back and forth in its file. */
static int check_waves(const struct run *r) {
    const struct output *w = &r->outputs[WAVES];
    if (w->file == NULL || output_is_regular(w))
        return 0;
    return complain(STATUS_CANNOT_WRITE, "cannot write '%s': waves need a regular file", w->path);
}

static int open_outputs(struct run *r) {
    const char *const paths[OUTPUTS] = {r->o->report_json, r->o->tcache_dump, r->o->trace_file};
    int status = 0;
    for (int i = 0; i < OUTPUTS && status == 0; i++)
        status = output_open(&r->outputs[i], paths[i]);
    if (status == 0)
        status = check_distinct(r);
    if (status == 0)
        status = check_waves(r);
    return status;
}

static int prepare(struct run *r) {
    struct flash flash;
    int status = guest_read(r->o, &flash);
    if (status != 0)
        return status;
    status = machine_open(&r->m, r->o, &flash);
    flash_free(&flash);
    if (status != 0)
        return status;
    if (r->o->hot && (r->hot = hot_create()) == NULL)
        return complain(STATUS_NO_MEMORY, "not enough memory for --hot");
    status = open_outputs(r);
    if (status != 0 || r->o->trace_file == NULL)
        return status;
    struct engine *e = r->m.engine;
    if (e->ops->trace(e, r->o->trace_file))
        return output_end(&r->outputs[WAVES]); /* the engine has it open now */
    return complain(STATUS_CANNOT_WRITE, "cannot write waves to '%s'", r->o->trace_file);
}

static int end_waves(struct run *r) {
    struct engine *e = r->m.engine;
    if (e->ops->trace_end(e))
        return 0;
    return complain(STATUS_CANNOT_WRITE, "cannot write '%s': the waves are not all in it",
                    r->o->trace_file);
}

/* A guest that could not even be loaded: what the files held stays. */
static bool has_begun(const struct run *r, struct ending ending) {
    struct engine *e = r->m.engine;
    return strcmp(ending.by, "refusal") != 0 ||
           (e->ops->csr(e, CSR_INSNS_FW) | e->ops->csr(e, CSR_INSNS_GUEST)) != 0;
}

static int write_reports(struct run *r, struct ending ending, bool is_complete) {
    struct report report;
    struct output *json = &r->outputs[JSON];
    if (!r->o->report && json->path == NULL)
        return 0;
    if (!report_collect(&report, &r->m, r->o, ending, is_complete)) {
        output_abandon(json);
        return STATUS_BUG;
    }
    if (r->o->report)
        report_text(&report, stderr);
    if (json->path == NULL)
        return 0;
    report_json(&report, output_begin(json));
    return output_end(json);
}

static int write_tcache(struct run *r) {
    struct output *dump = &r->outputs[TCACHE];
    if (dump->path == NULL)
        return 0;
    int status = tcache_dump_write(&r->m, output_begin(dump));
    int written = output_end(dump);
    return status != 0 ? status : written;
}

/* A bug of ours is the worst news, an output that is missing the next. */
static int worse(int status, int news) {
    return news == 0 || status == STATUS_BUG ? status : news;
}

static int finish(struct run *r, enum engine_stop stop) {
    struct ending ending = run_ending(&r->m, stop, r->o);
    int status = worse(ending.status, console_finish());
    stop_clock_off();
    if (status != ending.status)
        ending = (struct ending){status, "console"};
    if (has_begun(r, ending)) {
        status = worse(status, write_reports(r, ending, strcmp(ending.by, "exit") == 0));
        status = worse(status, write_tcache(r));
    }
    if (r->hot != NULL)
        hot_print(r->hot, &r->m, stderr);
    status = worse(status, end_waves(r));
    return worse(status, stream_status(stderr));
}

int cmd_run(const struct options *o) {
    struct run r = {.o = o};
    struct engine_hooks hooks = {0};
    if (options_port(o) != NULL)
        return run_on_board(o);
    int status = prepare(&r);
    if (status == 0) {
        stop_watch(o->max_seconds);
        console_hooks(&hooks);
        pace_hooks(&hooks, r.m.engine, o->memory, o->input_at);
        if (r.hot != NULL)
            hot_hooks(r.hot, &hooks);
        status =
            finish(&r, r.m.engine->ops->run(r.m.engine, &hooks, o->max_cycles, o->max_guest_insns));
    }
    for (int i = 0; i < OUTPUTS; i++)
        output_abandon(&r.outputs[i]);
    if (r.hot != NULL)
        hot_destroy(r.hot);
    if (r.m.engine != NULL)
        machine_close(&r.m);
    return status;
}
