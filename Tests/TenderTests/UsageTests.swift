import Tender
import Testing
import Text

/// To add one: a line in `reference`, or in `own` for what only Brig has.
@Suite("what help and version print")
struct UsageTests {
  @Test("the reference's lines are there, in its order and its words")
  func help() {
    let lines = String(decoding: Usage.help(program: "solo5-hvt").bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let reference = [
      "usage: solo5-hvt [ CORE OPTIONS ] [ MODULE OPTIONS ] [ -- ] KERNEL [ ARGS ]",
      "KERNEL is the filename of the unikernel to run.",
      "ARGS are optional arguments passed to the unikernel.",
      "Core options:",
      "  [ --mem=512 ] (guest memory in MB)",
      "    --help (display this help)",
      "    --version (display version information)",
      "Compiled-in modules: core block net ",
      "Compiled-in module options:",
      "  [ --block-sector-size:NAME=SECTORSIZE ] (set sector size for block device NAME; must be a power of two greater than or equal 512)",
      "    --net:NAME=IFACE | @NN (attach tap at IFACE or at fd @NN as network NAME)",
      "  [ --net-mac:NAME=HWADDR ] (set HWADDR for network NAME)",
      "",
    ]
    #expect(lines.filter(reference.contains) == reference)
    let own = [
      "  [ --no-net-ring ] (accepted for compatibility: no net ring buffer is offered)",
      "  [ --confine=full | fallback ] (fallback: run without the namespaces that are refused here)",
      "  [ --user=auto | UID[:GID] ] (as root: the user to become)",
      "  [ --seccomp=kill | report ] (report: name a forbidden system call before dying of it)",
      "  [ --huge-pages=auto | on | off ] (huge pages for memory; auto: as the host does, from --mem=1024 on)",
      "  [ --keep-oom-score ] (keep a negative oom_score_adj: the kernel then kills others before this guest)",
      "  [ --net-namespace=auto | own | FILE | @NN ] (as root: the empty net namespace to join; auto: /run/brig/net where it is fit, else own)",
      "  [ --name=NAME ] (label this tender, in the receipt and as the process's name: 1 to 15 of A-Z, a-z, 0-9, \".\", \"_\", \"-\")",
      "  [ --try-name=NAME ] (the same; without effect where NAME doesn't fit)",
      "  [ --image-sha256=HEX ] (refuse any other KERNEL)",
      "  [ --receipt=PATH | @NN ] (write what the seal consists of as JSON)",
      "  [ --log=PATH | @NN ] (write complaints there instead of to standard error)",
      "    --block:NAME=PATH | @NN (attach block device/file at PATH or at fd @NN as block storage NAME)",
      "  [ --block-mode:NAME=rw | ro | sync ] (ro: read-only; sync: acknowledged writes are on the medium)",
    ]
    #expect(lines.filter { !reference.contains($0) } == own)
  }

  @Test("the ABI version is a line of its own, the second")
  func version() {
    let lines = String(decoding: Usage.version(program: "solo5-hvt.2").bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 2 && lines[0] == "solo5-hvt.2 tender, version \(Usage.release)")
    #expect(lines[1] == "ABI version 2")
  }
}
