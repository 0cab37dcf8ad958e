//! A filter around a test program: it cannot make the system calls that would forge a verdict.
//!
//! A verdict rests on the record, a connection of the test program. Linux has calls that hand out a process's
//! descriptors or memory, to itself or to a program that it has started, and calls that send bytes in the name of
//! another socket. The filter (seccomp(2)) denies them, and two ways around the fence: asking a program outside
//! to run something, and typing on the terminal. A denied call returns EPERM, so a program may do without it.
//!
//! A filter sees numbers, not paths: writing into `/proc/PID/mem` is left to the fence.

/// Whether this system builds filters that hold: tested with a call that only the filter denies.
#[cfg(target_os = "linux")]
pub fn stands() -> bool {
    use std::{io::ErrorKind, os::unix::net::UnixDatagram, path::Path};

    let socket = super::inside(Path::new("/dev/null"), UnixDatagram::unbound);
    socket.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
}

/// Whether this system builds filters: it does not.
#[cfg(not(target_os = "linux"))]
pub fn stands() -> bool {
    false
}

#[cfg(target_os = "linux")]
pub(super) use linux::build;

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::env::consts::ARCH;

    use libc::c_long;
    use seccompiler::SeccompCmpOp::{self, Eq, MaskedEq, Ne};
    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCondition,
        SeccompFilter, SeccompRule, sock_filter,
    };

    /// Calls that are denied, whatever their arguments.
    const DENIED: [c_long; 7] = [
        // Duplicates a descriptor of any process, the own one too.
        libc::SYS_pidfd_getfd,
        // These change the memory of a process that runs.
        libc::SYS_ptrace,
        libc::SYS_process_vm_writev,
        libc::SYS_userfaultfd,
        libc::SYS_bpf,
        // Reads what another process or the kernel computes.
        libc::SYS_perf_event_open,
        // Makes calls that no filter sees.
        libc::SYS_io_uring_setup,
    ];

    /// Build the filter around this thread and what it starts; it fails on a processor that it does not know.
    pub(in super::super) fn build() -> Result<(), Error> {
        let denied = SeccompAction::Errno(libc::EPERM as u32);
        let filter = SeccompFilter::new(rules()?, SeccompAction::Allow, denied, ARCH.try_into()?)?;
        let filter: BpfProgram = filter.try_into()?;
        seccompiler::apply_filter(&[WITHOUT_X32, &filter].concat())
    }

    /// The rules of each call: it is denied if one of them matches, or if it has none.
    fn rules() -> Result<BTreeMap<c_long, Vec<SeccompRule>>, BackendError> {
        let mut rules = BTreeMap::from(DENIED.map(|call| (call, Vec::new())));
        rules.insert(libc::SYS_socket, sockets()?);
        // With TCP_REPAIR, an administrator's socket can continue the connection of another one.
        let repair = [is(1, Eq, libc::IPPROTO_TCP)?, is(2, Eq, libc::TCP_REPAIR)?];
        rules.insert(libc::SYS_setsockopt, vec![SeccompRule::new(repair.into())?]);
        // Both type on the terminal, and the shell there stands outside.
        let types = |request: libc::Ioctl| SeccompRule::new(vec![is(1, Eq, request as i32)?]);
        rules.insert(libc::SYS_ioctl, vec![types(libc::TIOCSTI)?, types(libc::TIOCLINUX)?]);
        // A limit of another process, which may end it, as a signal would.
        let limit = SeccompCondition::new(2, SeccompCmpArgLen::Qword, Ne, 0)?;
        rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![is(0, Ne, 0)?, limit])?]);
        Ok(rules)
    }

    /// Lessons need TCP and UDP, the kit the state of sockets, and libraries the addresses of this machine.
    ///
    /// A raw socket can send packets of any connection. With AF_UNIX, an answer could ask a program outside to run
    /// something, as tmux or the session's bus does.
    fn sockets() -> Result<Vec<SeccompRule>, BackendError> {
        const FAMILY: u8 = 0;
        const KIND: u8 = 1;
        const PROTOCOL: u8 = 2;
        const SOCK_PACKET: i32 = 10; // The old name of AF_PACKET, which AF_INET still takes.
        let kind_is = |kind| is(KIND, MaskedEq(0xf), kind); // Above it are flags.
        let is_netlink = is(FAMILY, Eq, libc::AF_NETLINK)?;
        let no_netlink = is(FAMILY, Ne, libc::AF_NETLINK)?;
        let denied = [
            vec![
                is(FAMILY, Ne, libc::AF_INET)?,
                is(FAMILY, Ne, libc::AF_INET6)?,
                no_netlink.clone(),
            ],
            vec![no_netlink.clone(), kind_is(libc::SOCK_RAW)?],
            vec![no_netlink, kind_is(SOCK_PACKET)?],
            vec![
                is_netlink,
                is(PROTOCOL, Ne, libc::NETLINK_ROUTE)?,
                is(PROTOCOL, Ne, libc::NETLINK_SOCK_DIAG)?,
            ],
        ];
        denied.into_iter().map(SeccompRule::new).collect()
    }

    /// A condition on an argument of 32 bits: the kernel ignores the bits above, so the filter must.
    fn is(
        argument: u8,
        operator: SeccompCmpOp,
        value: i32,
    ) -> Result<SeccompCondition, BackendError> {
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value as u64)
    }

    /// Instructions that deny every call with an x32 number: such a call has the same architecture as others, but
    /// its number is another one. The filter ends a program that makes calls of 32 bits.
    #[cfg(target_arch = "x86_64")]
    const WITHOUT_X32: &[sock_filter] = {
        const X32: u32 = 0x4000_0000; // __X32_SYSCALL_BIT
        let load_number = sock_filter { code: 0x20, jt: 0, jf: 0, k: 0 };
        let unless_x32_skip_one = sock_filter { code: 0x35, jt: 0, jf: 1, k: X32 };
        let deny = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
        let deny = sock_filter { code: 0x06, jt: 0, jf: 0, k: deny };
        &[load_number, unless_x32_skip_one, deny]
    };
    #[cfg(not(target_arch = "x86_64"))]
    const WITHOUT_X32: &[sock_filter] = &[];
}
