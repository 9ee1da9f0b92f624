"""What a PDF worker gives up before it touches a document: network, child processes, memory, processor time.

Each step is taken where the system knows it; what is missing is reported, not hidden (TRUST.md, PDF).
"""

import ctypes
import os
import resource
import sys

NEW_USER, NEW_NET, DIE_WITH_PARENT, KILL = 0x10000000, 0x40000000, 1, 9
FILE_MB, OPEN_FILES = 256, 256
BANNED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
    "ctypes.dlopen",
)


def drop_network() -> bool:
    """Move this process into an empty network namespace (Linux); True when the system allowed it.

    Must be called before a second thread exists. Without it the audit hook of `forbid` still refuses sockets.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(DIE_WITH_PARENT, KILL)
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(NEW_NET) == 0:
        return True
    if libc.unshare(NEW_USER | NEW_NET) != 0:
        return False
    _map_ids(uid, gid)
    return True


def _map_ids(uid: int, gid: int) -> None:
    """Stay who we are inside the new user namespace: files cannot be created by an unmapped owner."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def limit(memory_mb: int) -> None:
    """Cap address space, file size and open files; no core dumps. macOS keeps no address-space limit."""
    caps = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: FILE_MB << 20,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_AS: memory_mb << 20,
    }
    for what, most in caps.items():
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):
            continue


def allow_processor(seconds: int) -> None:
    """Grant this many more seconds of processor time; past them the system kills the process (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used.ru_utime + used.ru_stime) + 1 + seconds
    bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (bound, hard))


def forbid() -> None:
    """Refuse sockets and child processes from now on; an audit hook cannot be taken back."""

    def hook(event: str, _arguments: tuple) -> None:
        if event.startswith(BANNED):
            raise PermissionError(f"refused: {event}")

    sys.addaudithook(hook)
