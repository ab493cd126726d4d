import Glibc
import Host
import Receipts
package import Text

/// The tenders that run on this machine, by their programs' names and their receipts.
package struct TenderTable: Sendable {
  package let rows: [TenderRow]
  /// Why tenders that still run have no row.
  package let complaints: [Complaint]

  /// Looks at each tender that `/proc` shows, and at each process that a receipt names.
  ///
  /// A process has a receipt if it has its process id, as it sees itself, and its start time. What isn't a receipt, and
  /// receipts of processes that have ended, count for nothing.
  ///
  /// - Parameter directories: where receipts are, each in a file `NAME.json`; one that isn't there has none.
  /// - Throws: `Complaint` where `/proc` can't be read.
  package init(receiptsIn directories: [String]) throws(Complaint) {
    let receipts = directories.flatMap(Self.receipts)
    let named = receipts.compactMap { $0.receipt.process.flatMap(Int32.init(exactly:)) }
    let processes = Set(try RunningTenders.all() + named).sorted()
    var (rows, complaints): ([TenderRow], [Complaint]) = ([], [])
    for process in processes {
      do throws(Complaint) {
        let row = try TenderRow(process, among: receipts)
        // A number that a receipt names may be anybody's by now.
        if row.receipt != nil || RunningTenders.program(of: process) != nil { rows.append(row) }
      } catch {
        // It may end at any time.
        if !RunningTenders.isGone(process) { complaints.append(error) }
      }
    }
    (self.rows, self.complaints) = (rows, complaints)
  }

  private static func receipts(_ directory: String) -> [(file: Text, receipt: ReceiptRecord)] {
    (Directory.names(Text(directory)) ?? []).compactMap { file in
      let path = "\(directory)/\(String(file))"
      // Only files: whoever has the other end of a pipe could hold this up.
      guard let end = file.bytes.index(file.bytes.endIndex, offsetBy: -ending.count, limitedBy: file.bytes.startIndex),
        file.bytes[end...].elementsEqual(ending), (try? FileStatus(at: Text(path)))?.kind == .regular,
        let receipt = try? ReceiptRecord(reading: path, patience: 1000)
      else { return nil }
      return (Text(bytes: Array(file.bytes[..<end])), receipt)
    }
  }

  /// What the name of a receipt's file ends with.
  private static let ending = Array(".json".utf8)

  /// The rows for people.
  package var text: String {
    var text = "PID     SEEN      IMAGE         MEMORY     DEVICES  USER        NAME             RECEIPT\n"
    for row in rows {
      let digest = row.receipt?.imageDigest.map { String($0.prefix(12)) } ?? "-"
      let memory = row.receipt?.memory.map { "\($0 >> 20) MiB" } ?? "-"
      let devices = row.receipt.map { "\($0.deviceCount)" } ?? "-"
      let user = row.receipt?.user.map { "\($0)" } ?? "-"
      let cells = [
        ("\(row.process)", 8), (row.sight.rawValue, 10), (digest, 14), (memory, 11), (devices, 9), (user, 12),
        ("\((row.name ?? row.program).shown) ", 17),
      ]
      text += cells.map { $0.padded(to: $1) }.joined() + "\(row.file?.shown ?? "-")\n"
    }
    return text
  }

  /// The rows as JSON; `docs/tools.md` describes it.
  package var json: Text {
    JSON.document(.tenders) { json in
      json.array("tenders") { json in
        for row in rows {
          json.object(compact: true) { json in
            json.number("pid", row.process)
            json.string("seen", Text(row.sight.rawValue))
            json.string("program", row.program)
            if let name = row.name { json.string("name", name) }
            if let file = row.file { json.string("receipt", file) }
            guard let receipt = row.receipt else { return }
            if let digest = receipt.imageDigest { json.string("image_sha256", Text(digest)) }
            if let memory = receipt.memory { json.number("memory", memory) }
            json.number("devices", receipt.deviceCount)
            if let user = receipt.user { json.number("uid", user) }
            if let start = receipt.start { json.number("start_time", start) }
          }
        }
      }
    }
  }
}
