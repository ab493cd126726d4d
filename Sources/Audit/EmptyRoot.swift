import CLinux
import Host
import Procfs
import Text

/// Whether there is nothing to open by a path.
enum EmptyRoot {
  /// The mounts are asked first: the kernel knows them without asking a file system.
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let subject = evidence.subject
    let tasks = try evidence.tasks.get().own
    guard tasks.count <= most else { throw .refuted("\(tasks.count) threads, each of which may be elsewhere") }
    for task in tasks {
      // Each may be in a mount namespace of its own.
      try demandOneMount(subject, task.id)
      // Who is in another directory opens what is there.
      let places = [subject.path("task/\(task.id)/root"), subject.path("task/\(task.id)/cwd")]
      let facts = try FileFacts.of(places, reading: "root")
      guard facts[0] == facts[1] else { throw .refuted("its working directory is another than its root") }
      let (count, error) = BoundedChild.entries(subject.path("task/\(task.id)/root"))
      guard error == 0 else { throw Doubt(error, reading: "root") }
      guard count == 0 else { throw .refuted("its root directory has \(count) entries") }
    }
    return "empty and read-only"
  }

  /// How many threads are asked: each takes a moment.
  private static let most = 64

  private static func demandOneMount(_ subject: Subject, _ task: Int32) throws(Doubt) {
    guard let mounts = Mount.all(try subject.file("task/\(task)/mountinfo")) else {
      throw .refuted("a line of /proc/PID/mountinfo can't be taken apart")
    }
    guard mounts.count == 1, mounts[0].point == "/" else { throw .refuted("\(mounts.count) file systems are mounted") }
    guard mounts[0].type == "tmpfs" else { throw .refuted("its root is a \(String(mounts[0].type)), no tmpfs") }
    guard mounts[0].options.contains("ro") else { throw .refuted("its root can be written") }
    try demandNothingAbove(subject, task)
  }

  /// `struct mnt_id_req` (`linux/mount.h`), its size, 0, the mount, where to go on, and the namespace.
  private typealias MountRequest = (size: UInt32, spare: UInt32, mount: UInt64, last: UInt64, namespace: UInt64)

  /// Where the kernel can tell (Linux 6.11), the root is all that is mounted in its namespace: a root that was changed
  /// by chroot hides the others.
  private static func demandNothingAbove(_ subject: Subject, _ task: Int32) throws(Doubt) {
    guard let file = try? Descriptor.open(subject.path("task/\(task)/ns/mnt"), O_RDONLY | O_NONBLOCK) else { return }
    var namespace: UInt64 = 0
    let raw = Int(file.raw)
    let named = unsafe withUnsafeMutablePointer(to: &namespace) {
      // SAFETY: the kernel writes the eight bytes of an id (`NS_GET_MNTNS_ID`, `linux/nsfs.h`).
      Kernel.raw(.ioctl, raw, 0x8008_b705, Int(bitPattern: $0))
    }
    guard named == 0 else { return }
    var request: MountRequest = (32, 0, .max, 0, namespace)
    var mounts = [UInt64](repeating: 0, count: 64)
    let count = unsafe withUnsafeMutablePointer(to: &request) { request in
      unsafe mounts.withUnsafeMutableBufferPointer { mounts in
        // SAFETY: the kernel reads the request and writes at most as many ids as there is room for.
        Kernel.raw(
          listmount, Int(bitPattern: request), Int(bitPattern: mounts.baseAddress), mounts.count, 0)
      }
    }
    guard count <= 1 else { throw .refuted("\(count) file systems are mounted beside and above its root") }
  }

  private static let listmount = SystemCall("listmount", 458)
}
