#include "command/streams.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/file.h"

// So much is kept before it is written.
enum { MOST_KEPT = 256 * 1024 };

// write(2) that waits where it has to: whoever gave us the descriptor may have made it
// non-blocking.
static ssize_t write_some(int fd, Str text) {
    for (;;) {
        ssize_t count = write(fd, text.data, text.length);
        if (count >= 0 || (errno != EINTR && errno != EAGAIN)) return count;
        if (errno == EAGAIN) (void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
    }
}

static bool write_all(int fd, Str text) {
    for (size_t at = 0; at < text.length;) {
        ssize_t count = write_some(fd, str_slice(text, at, text.length));
        if (count == 0) errno = EIO; // what takes nothing would take nothing for ever
        if (count <= 0) return false;
        at += (size_t)count;
    }
    return true;
}

// Forgets what could not be written: nobody would have it.
static void write_out(Run *run) {
    if (run->out_error == 0 && !write_all(STDOUT_FILENO, strbuf_str(&run->out)))
        run->out_error = errno;
    run->out.length = 0;
}

void streams_relieve(Run *run) {
    if (run->out.length > MOST_KEPT) write_out(run);
}

void streams_write(Run *run) {
    write_out(run);
    if (run->out_error != 0) {
        Str why = file_error(run->arena, run->out_error);
        run_machine_error(run, "cannot write to standard output: %.*s", STR_ARG(why));
    }
    if (!write_all(STDERR_FILENO, strbuf_str(&run->err))) run_fail(run, EXIT_MACHINE);
}
