"""How every test suite reports, so that tests/all.py can sum them.

A suite is a program that prints one line a test, and a last line with the count:

    ok NAME
    not ok NAME: REASON         (details may follow, indented by two spaces)
    skip NAME: REASON
    # WHAT WAS COUNTED            (which tests/all.py shows too)
    N passed, N failed, N skipped

and exits with 1 where something failed. In Python: call ok, fail and skip, then
sys.exit(suite.finish()).
"""

import threading


class Suite:
    """Counts and prints results; may be called from several threads."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self._lock = threading.Lock()

    def ok(self, name):
        with self._lock:
            self.passed += 1
            print(f"ok {name}", flush=True)

    def fail(self, name, reason, details=""):
        """REASON is one line; DETAILS (a diff, a trace) any text."""
        lines = [f"not ok {name}: {reason}"] + ["  " + line for line in details.splitlines()]
        with self._lock:
            self.failed += 1
            print("\n".join(lines), flush=True)

    def skip(self, name, reason):
        with self._lock:
            self.skipped += 1
            print(f"skip {name}: {reason}", flush=True)

    def note(self, text):
        with self._lock:
            print(f"# {text}", flush=True)

    def check(self, name, reason, details=""):
        """Passes where REASON is empty, fails with it otherwise."""
        if reason:
            self.fail(name, reason, details)
        else:
            self.ok(name)

    def finish(self):
        """Prints the closing line and returns the exit status."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0
