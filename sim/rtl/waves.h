/* SPDX-License-Identifier: MIT
 * The waves of a run, in a file that may become full. Verilator's wave writer tells nobody when a
 * write has failed, and aborts if it is then closed. So everything goes to the file now and then,
 * and the file must have grown; before it is closed there must be room for what comes then.
 *
 *   wave_file w;
 *   if (!w.open(model, "waves.fst")) ...          // false: it cannot be written
 *   w.dump(time);                                 // at each change of the clock
 *   if (w.is_due(time) && !w.flush(time)) ...     // false: the file does not grow any more
 *   if (!w.end(time)) ...                         // false: the waves are not all in it
 */
#ifndef SELKIRK_SIM_RTL_WAVES_H
#define SELKIRK_SIM_RTL_WAVES_H

#include <cstdint>
#include <memory>
#include <exception>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "machine.h"
#include "verilated_fst_c.h"

/* Units of time in the file that a cycle takes, whatever the clock. */
enum { WAVE_CYCLE = 10 };

class wave_file {
    enum {
        FLUSH_CYCLES = 1 << 16,
        CLOSING_BYTES = 1 << 20, /* several times what the names of the signals take */
    };
    std::unique_ptr<VerilatedFstC> writer;
    std::string path;
    uint64_t looked = 0; /* when we last looked at the file ... */
    off_t bytes = 0;     /* ... and what was in it */

    /* The writer's destructor would close the file, and abort. */
    bool give_up() {
        static_cast<void>(writer.release());
        return false;
    }

    /* For the names of the signals, which are written last. */
    bool has_room_to_close() const {
        static const char zeros[CLOSING_BYTES] = {};
        int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        bool is_good = fd >= 0 && pwrite(fd, zeros, sizeof zeros, bytes) == sizeof zeros;
        is_good &= fd >= 0 && ftruncate(fd, bytes) == 0;
        is_good &= fd >= 0 && close(fd) == 0;
        return is_good;
    }

  public:
    template <class Model> bool open(Model &model, const char *fst_path) {
        struct stat st;
        try {
            writer.reset(new VerilatedFstC);
            model.trace(writer.get(), 99);
            path = fst_path;
            writer->open(fst_path);
            if (stat(fst_path, &st) == 0)
                return true;
        } catch (const std::exception &) {
        }
        return give_up();
    }

    void dump(uint64_t time) {
        if (writer)
            writer->dump(time);
    }

    bool is_due(uint64_t time) const {
        return time - looked >= (uint64_t)WAVE_CYCLE * FLUSH_CYCLES;
    }

    /* time: of the next dump. */
    bool flush(uint64_t time) {
        struct stat st;
        if (!writer || time == looked)
            return true;
        looked = time;
        writer->flush(); /* what it has goes out with the next time */
        writer->dump(time - WAVE_CYCLE / 2 + 1);
        writer->flush();
        bool has_grown = stat(path.c_str(), &st) == 0 && st.st_size > bytes;
        bytes = has_grown ? st.st_size : bytes;
        return has_grown;
    }

    bool end(uint64_t time) {
        if (!writer)
            return true;
        try {
            if (flush(time) && has_room_to_close()) {
                writer->close();
                writer.reset();
                return true;
            }
        } catch (const std::exception &) {
        }
        return give_up();
    }
};

#endif
