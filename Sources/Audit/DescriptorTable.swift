import CLinux
import Glibc
import Host
import Procfs
import Text

/// The descriptors that a process has open.
enum DescriptorTable {
  /// All open descriptors, which all of the process's threads must share.
  static func of(_ subject: Subject, _ tasks: Tasks) throws(Doubt) -> [OpenDescriptor] {
    for _ in 0..<20 {
      let before = try links(subject, subject.process)
      guard try Sharing.haveOneTable(subject, tasks) else {
        throw .refuted("its threads don't all have the same descriptors")
      }
      if let open = try descriptors(subject, before), try links(subject, subject.process) == before { return open }
      if subject.hasEnded { throw .unseen("a process that doesn't end meanwhile") }
      usleep(2000)
    }
    throw .refuted("its descriptors never stay the same for a moment")
  }

  /// The most descriptors that are looked at, far more than a tender has.
  private static let most = 2048

  private struct Link: Equatable {
    let number: Int32
    let target: Text
  }

  private static func links(_ subject: Subject, _ task: Int32) throws(Doubt) -> [Link] {
    guard let numbers = Directory.numbers(subject.path("task/\(task)/fd")) else { throw Doubt(errno, reading: "fd") }
    guard numbers.count <= most else { throw .refuted("\(numbers.count) descriptors: \(most) are looked at") }
    var links: [Link] = []
    for number in numbers {
      if let target = Directory.link(subject.path("task/\(task)/fd/\(number)")) {
        links.append(Link(number: number, target: target))
      } else if errno != ENOENT {
        throw Doubt(errno, reading: "fd")
      }
    }
    return links
  }

  /// What the child says of each: its facts, its `fdinfo`, and its family and type where it is a socket.
  private enum Question: Int {
    case facts, information, socket
    static let count = 4
  }

  /// The descriptors behind the links; nil if one was closed meanwhile.
  private static func descriptors(_ subject: Subject, _ links: [Link]) throws(Doubt) -> [OpenDescriptor]? {
    let answer = ask(subject, links)
    guard let answer else { throw .unseen("resources of the auditor's own") }
    let pieces = Dictionary(answer.pieces.map { ($0.tag, $0) }) { first, _ in first }
    var open: [OpenDescriptor] = []
    for (index, link) in links.enumerated() {
      func piece(_ part: Question) -> BoundedChild.Piece? { pieces[index * Question.count + part.rawValue] }
      guard let first = piece(.facts), let second = piece(.information), answer.isWhole || index + 1 < links.count
      else {
        throw .refuted("descriptor \(link.number) can't be looked at in time: \(String(link.target))")
      }
      if first.error == ENOENT || second.error == ENOENT { return nil }
      for error in [first.error, second.error] where error != 0 { throw Doubt(error, reading: "fd") }
      let lines = KeyedLines(Text(bytes: second.bytes))
      guard let facts = FileFacts(first.bytes), let flags = lines["flags"]?.number(radix: UInt32(8)) else {
        throw .refuted("descriptor \(link.number) can't be told: \(String(link.target))")
      }
      open.append(
        OpenDescriptor(
          number: link.number, target: link.target, facts: facts, flags: Int32(bitPattern: flags),
          isAttached: lines["iff"]?.isEmpty == false, isPacketSocket: piece(.socket).map { isPacket($0.bytes) } ?? false
        ))
    }
    return open
  }

  private static func isPacket(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == 8, Int32(bytes[0]) == AF_UNIX else { return false }
    return [CLINUX_SOCK_SEQPACKET, CLINUX_SOCK_DGRAM].contains(Int32(bytes[4]))
  }

  private static let getDescriptor = SystemCall("pidfd_getfd", Int32(SYS_pidfd_getfd))

  private static func ask(_ subject: Subject, _ links: [Link]) -> BoundedChild.Answer? {
    let files = PathTable(links.map { subject.path("fd/\($0.number)") })
    let informations = PathTable(links.map { subject.path("fdinfo/\($0.number)") })
    let numbers = links.map { Int($0.number) }
    let handle = Int(subject.descriptor)
    return files.withPaths { file in
      informations.withPaths { information in
        unsafe numbers.withUnsafeBufferPointer { numbers in
          BoundedChild.run(keeping: subject.descriptor) { output in
            var index = 0
            while index < numbers.count {
              let tag = index * Question.count
              // SAFETY: the paths end in a zero byte, and the kernel writes no more than there is room for.
              let buffer = output.buffer
              let result = Kernel.raw(
                .statx, Int(AT_FDCWD), file(index), FileFacts.flags, FileFacts.mask, buffer)
              output.say(tag, result < 0 ? result : FileFacts.size)
              // Bits 12 to 15 of the mode, the structure's 28th and 29th byte.
              let mode = unsafe UnsafePointer<UInt8>(bitPattern: buffer + 29)
              let isSocket = unsafe result == 0 && mode.map { unsafe $0.pointee & 0xf0 == 0xc0 } ?? false
              let lines = Kernel.raw(.openat, Int(AT_FDCWD), information(index), Int(O_RDONLY))
              let count = lines < 0 ? lines : Kernel.raw(.read, lines, buffer, BoundedChild.Output.room)
              output.say(tag + 1, count)
              if lines >= 0 { _ = Kernel.once(.close, lines) }
              if isSocket {
                // It is given back when the child ends, for whatever that may have to wait.
                let socket = Kernel.raw(getDescriptor, handle, unsafe numbers[index], 0)
                if socket >= 0 { say(socket, tag + 2, output) }
              }
              index += 1
            }
          }
        }
      }
    }
  }

  /// In the child: a socket's family and type, four bytes each.
  private static func say(_ socket: Int, _ tag: Int, _ output: BoundedChild.Output) {
    var size: UInt32 = 4
    let buffer = output.buffer
    unsafe withUnsafeMutablePointer(to: &size) { size in
      // SAFETY: the kernel writes four bytes of each, and there is room.
      let family = Kernel.raw(
        .getsockopt, socket, Int(SOL_SOCKET), Int(SO_DOMAIN), buffer, Int(bitPattern: size))
      let type = Kernel.raw(
        .getsockopt, socket, Int(SOL_SOCKET), Int(SO_TYPE), buffer + 4, Int(bitPattern: size))
      if family == 0, type == 0 { output.say(tag, 8) }
    }
  }
}
