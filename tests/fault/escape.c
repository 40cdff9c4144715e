// What spotc could still do once it has given its rights up, tried in its own process as code that
// took it over would: tests/fault/faults.c calls this where the plan is `escape`.
#include "escape.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static bool opens(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0) (void)close(fd);
    return fd >= 0;
}

static bool reads(void) {
    return opens("../outside/secret", O_RDONLY);
}

static bool lists(void) {
    return opens("../outside", O_RDONLY | O_DIRECTORY);
}

static bool writes(void) {
    return opens("../outside/secret", O_WRONLY);
}

static bool creates(void) {
    return opens("../outside/new", O_WRONLY | O_CREAT);
}

static bool creates_beside(void) {
    return opens("beside", O_WRONLY | O_CREAT);
}

static bool makes_folder(void) {
    return mkdir("../outside/folder", 0700) == 0;
}

static bool removes(void) {
    return unlink("../outside/secret") == 0;
}

static bool moves_out(void) {
    return rename("out/one/notes.txt", "../outside/notes.txt") == 0;
}

static bool links(void) {
    return symlink("/", "out/one/link") == 0;
}

static bool connects(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool went = connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ||
                errno == ECONNREFUSED; // nobody is there, but it may ask
    if (fd >= 0) (void)close(fd);
    return went;
}

void escape(void (*report)(const char *what, bool went)) {
    static const struct {
        const char *what;
        bool (*attempt)(void);
    } rows[] = {
        {"read", reads},
        {"list", lists},
        {"write", writes},
        {"create", creates},
        {"create beside", creates_beside},
        {"make a folder", makes_folder},
        {"remove", removes},
        {"move out", moves_out},
        {"link", links},
        {"connect", connects},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) report(rows[i].what, rows[i].attempt());
}
