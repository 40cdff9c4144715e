// floor MANIFEST FOLDER <FILES: the least that a compile can be. Parses the manifest with libyaml
// and drops the events; makes FOLDER; writes the files there, each as a temporary that is renamed.
// There is no policy in between: the bytes to write are known beforehand.
//
// FILES is every file as "NAME LENGTH\n" and its bytes. They come through a standard input that is
// open already, by two calls of read: the floor pays about a hundredth of its time for them. Built
// in they would have to be paged in, which costs no less, and the floor would be good for one
// manifest only; compressed or made by a loop they would no longer be known beforehand.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

enum { MOST = 1 << 20 };

static char manifest[MOST], files[MOST];

static _Noreturn void fail(const char *what) {
    perror(what);
    exit(1);
}

static size_t read_all(int fd, char *bytes) {
    size_t length = 0;
    for (;;) {
        ssize_t count = read(fd, bytes + length, MOST - 1 - length);
        if (count < 0 || length == MOST - 1) fail("read");
        if (count == 0) return length;
        length += (size_t)count;
    }
}

static void parse(const char *path) {
    yaml_parser_t parser;
    yaml_event_t event;
    yaml_event_type_t type = YAML_NO_EVENT;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !yaml_parser_initialize(&parser)) fail(path);
    size_t length = read_all(fd, manifest);
    (void)close(fd);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)manifest, length);
    while (type != YAML_STREAM_END_EVENT) {
        if (!yaml_parser_parse(&parser, &event)) fail("not YAML");
        type = event.type;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

static void write_file(int folder, const char *name, const char *bytes, size_t length) {
    char temporary[32];
    (void)snprintf(temporary, sizeof temporary, ".floor-%ld.tmp", (long)getpid());
    int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length || close(fd) != 0 ||
        renameat(folder, temporary, folder, name) != 0)
        fail(name);
}

// Takes one file off the front of what is to be written.
static char *take_file(int folder, char *at, const char *end) {
    char *space = strchr(at, ' '), *bytes = NULL;
    if (space == NULL) fail("no length in FILES");
    size_t length = strtoul(space + 1, &bytes, 10);
    *space = '\0';
    bytes++;
    if (length > (size_t)(end - bytes)) fail("FILES is too short");
    write_file(folder, at, bytes, length);
    return bytes + length;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    parse(argv[1]);
    char *end = files + read_all(STDIN_FILENO, files);
    if (mkdir(argv[2], 0777) != 0) fail(argv[2]);
    int folder = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) fail(argv[2]);
    for (char *at = files; at < end;) at = take_file(folder, at, end);
    return 0;
}
