"""System calls that a worker or judge may make, and those that are refused with a reason.

The list of what is allowed follows the default profile of Docker (github.com/moby/profiles),
without what reaches other processes, other machines or seldom used parts of the kernel, and without
what keeps memory that counts for no process (watches of files, pages sent from files to sockets).
Names that a machine's libseccomp does not know are passed over.
"""

from __future__ import annotations

ALLOWED = frozenset(
    """
    _llseek _newselect access alarm arch_prctl brk cacheflush capget chdir clock_getres
    clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 close
    close_range copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait
    epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2
    fadvise64 fadvise64_64 fallocate fchdir fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork
    fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_time64
    futex_waitv get_mempolicy get_robust_list get_thread_area getcpu getcwd getdents getdents64
    getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer getpeername
    getpgid getpgrp getpid getppid getpriority getrandom getresgid getresgid32 getresuid getresuid32
    getrlimit getrusage getsid getsockname getsockopt gettid gettimeofday getuid getuid32 getxattr
    ioctl ioprio_get lgetxattr link linkat listxattr llistxattr lseek lstat lstat64 madvise
    map_shadow_stack membarrier mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2
    mprotect mremap mseal msync munlock munlockall munmap nanosleep newfstatat open openat openat2
    pause pidfd_open pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64 pread64
    preadv preadv2 pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read readahead readlink
    readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg rename renameat renameat2
    restart_syscall riscv_flush_icache riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending
    rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
    sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
    sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_yield seccomp select
    send sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsgid32
    setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setitimer setpgid setregid setregid32
    setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setsid setsockopt setuid
    setuid32 shutdown sigaltstack signalfd signalfd4 sigprocmask sigreturn stat stat64 statfs
    statfs64 statx symlink symlinkat sync_file_range sync_file_range2 sysinfo time timer_create
    timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
    timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
    truncate truncate64 ugetrlimit umask uname unlink unlinkat vfork wait4 waitid waitpid write
    writev
    """.split()  # noqa: SIM905 - easier to read
)

# They change a file, or what is noted about it, by a path that Landlock does not look at.
FILE_ATTRIBUTES = frozenset(
    """
    chmod chown chown32 fchmod fchmodat fchmodat2 fchown fchown32 fchownat fremovexattr fsetxattr
    futimesat lchown lchown32 lremovexattr lsetxattr removexattr removexattrat setxattr setxattrat utime
    utimensat utimensat_time64 utimes
    """.split()  # noqa: SIM905 - easier to read
)
# Programs that copy files bear a refusal of these alone.
EXTENDED_ATTRIBUTES = frozenset(name for name in FILE_ATTRIBUTES if "xattr" in name)

# With the id of another process as their first argument they reach it.
SIGNALS = frozenset(
    """
    kill pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo tgkill tkill
    """.split()  # noqa: SIM905 - easier to read
)
OF_ONESELF = frozenset(
    """
    prlimit64 sched_setattr sched_setparam sched_setscheduler
    """.split()  # noqa: SIM905 - easier to read
)

# All else is answered as a kernel answers that does not have the call; these are refused by name,
# so that a student reads "not permitted".
REFUSED = frozenset(
    """
    accept accept4 acct add_key adjtimex bind bpf capset chroot clock_adjtime clock_settime
    clock_settime64 connect delete_module fanotify_init finit_module fsconfig fsmount fsopen fspick
    init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl listen memfd_create memfd_secret
    migrate_pages mount mount_setattr move_mount move_pages mq_open msgget name_to_handle_at
    open_by_handle_at open_tree perf_event_open personality pidfd_getfd pivot_root process_madvise
    process_mrelease process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key
    sched_setaffinity semget setdomainname sethostname setns setrlimit
    settimeofday shmat shmget socket swapoff swapon
    syslog umount umount2 unshare userfaultfd vhangup vmsplice
    """.split()  # noqa: SIM905 - easier to read
)
