"""A disk that breaks at the n-th thing a process does with it: open for writing, write, fsync, rename."""

import builtins
import errno
import io
import os
import signal

#: What can go wrong, and whether it stays so: a full disk is full for the next file, too.
ERRORS = {"ENOSPC": True, "EROFS": True, "EACCES": False, "EIO": False}
KILL = "KILL"


class BrokenDisk:
    """Counts operations on files below a folder while it is on, and breaks at the n-th.

    Parameters
    ----------
    root : path
        Files elsewhere are left alone.
    at : int
        The operation that fails, from 1; 0: none, they are only counted.
    how : str
        An errno's name, or ``"KILL"``: the process ends there with half of what it was writing on the disk.
    sync : bool
        Whether ``fsync`` really waits for the disk.
    """

    def __init__(self, root, at=0, how=KILL, sync=True):
        self.root, self.at, self.how, self.sync = os.path.realpath(root), at, how, sync
        self.count = 0
        self.real = {"open": io.open, "fsync": os.fsync, "replace": os.replace, "rename": os.rename}

    def __enter__(self):
        builtins.open = io.open = self._open
        os.fsync = self._fsync
        os.replace = os.rename = self._replace
        return self

    def __exit__(self, *_):
        builtins.open = io.open = self.real["open"]
        os.fsync, os.replace, os.rename = self.real["fsync"], self.real["replace"], self.real["rename"]

    def operation(self, half=None):
        """Count one operation; break when it is the one, after ``half`` of it is done."""
        self.count += 1
        broken = self.at and (self.count == self.at or (self.count > self.at and ERRORS.get(self.how, False)))
        if not broken:
            return
        if half:
            half()
        if self.how == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        number = getattr(errno, self.how)
        raise OSError(number, os.strerror(number))

    def _inside(self, file):
        return isinstance(file, (str, os.PathLike)) and os.path.realpath(file).startswith(self.root + os.sep)

    def _open(self, file, mode="r", *arguments, **named):
        writes = bool(set(mode) & set("wax+")) and self._inside(file)
        if writes:
            self.operation()
        stream = self.real["open"](file, mode, *arguments, **named)
        return Writing(stream, self) if writes else stream

    def _fsync(self, number):
        self.operation()
        if self.sync:
            self.real["fsync"](number)

    def _replace(self, source, target, **named):
        if self._inside(target):
            self.operation()
        self.real["replace"](source, target, **named)


class Writing:
    """An open file whose writes are operations of a disk that may break."""

    def __init__(self, stream, disk):
        self._stream, self._disk = stream, disk

    def write(self, content):
        self._disk.operation(lambda: self._half(content))
        return self._stream.write(content)

    def _half(self, content):
        self._stream.write(content[: len(content) // 2])
        self._stream.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def __iter__(self):
        return iter(self._stream)

    def __getattr__(self, name):
        return getattr(self._stream, name)
