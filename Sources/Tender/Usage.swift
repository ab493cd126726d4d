package import Text

/// What `--help` and `--version` print, both to standard error as the reference tender does.
package enum Usage {
  /// The release of this tender.
  package static var release: StaticString { "v0.1.0" }

  /// The options, in the reference tender's form, with those that only this tender has.
  package static func help(program: Text) -> Text {
    """
    usage: \(program) [ CORE OPTIONS ] [ MODULE OPTIONS ] [ -- ] KERNEL [ ARGS ]
    KERNEL is the filename of the unikernel to run.
    ARGS are optional arguments passed to the unikernel.
    Core options:
      [ --mem=512 ] (guest memory in MB)
      [ --no-net-ring ] (accepted for compatibility: no net ring buffer is offered)
      [ --confine=full | fallback ] (fallback: run without the namespaces that are refused here)
      [ --user=auto | UID[:GID] ] (as root: the user to become)
      [ --seccomp=kill | report ] (report: name a forbidden system call before dying of it)
      [ --huge-pages=auto | on | off ] (huge pages for memory; auto: as the host does, from --mem=1024 on)
      [ --keep-oom-score ] (keep a negative oom_score_adj: the kernel then kills others before this guest)
      [ --net-namespace=auto | own | FILE | @NN ] (as root: the empty net namespace to join; auto: /run/brig/net where it is fit, else own)
      [ --name=NAME ] (label this tender, in the receipt and as the process's name: 1 to 15 of A-Z, a-z, 0-9, ".", "_", "-")
      [ --try-name=NAME ] (the same; without effect where NAME doesn't fit)
      [ --image-sha256=HEX ] (refuse any other KERNEL)
      [ --receipt=PATH | @NN ] (write what the seal consists of as JSON)
      [ --log=PATH | @NN ] (write complaints there instead of to standard error)
        --help (display this help)
        --version (display version information)
    Compiled-in modules: core block net\u{20}
    Compiled-in module options:
        --block:NAME=PATH | @NN (attach block device/file at PATH or at fd @NN as block storage NAME)
      [ --block-sector-size:NAME=SECTORSIZE ] (set sector size for block device NAME; must be a power of two greater than or equal 512)
      [ --block-mode:NAME=rw | ro | sync ] (ro: read-only; sync: acknowledged writes are on the medium)
        --net:NAME=IFACE | @NN (attach tap at IFACE or at fd @NN as network NAME)
      [ --net-mac:NAME=HWADDR ] (set HWADDR for network NAME)

    """
  }

  /// The release, and the ABI version on a line of its own, which launchers look for.
  package static func version(program: Text) -> Text {
    "\(program) tender, version \(release)\nABI version 2\n"
  }
}
