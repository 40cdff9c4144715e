// launch PROGRAM ARGUMENTS…: runs a program without its output, and prints the time from before its
// start to after its end in nanoseconds, its peak memory in KiB, and its status as wait gives it.
//
// Linux counts towards the peak of a new program what its parent had in memory, so the parent that
// measures must be small.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
    posix_spawn_file_actions_t actions;
    struct rusage used;
    pid_t child;
    int status = 0;
    if (argc < 2) return 2;
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    long long start = now();
    if (posix_spawn(&child, argv[1], &actions, NULL, argv + 1, environ) != 0 ||
        wait4(child, &status, 0, &used) != child) {
        perror(argv[1]);
        return 1;
    }
    printf("%lld %ld %d\n", now() - start, used.ru_maxrss, status);
    return 0;
}
