import Filters
import Policy
import Text

/// The policy as one page of HTML, which needs no network and no other file.
package struct Report: Sendable {
  /// The page.
  package let html: String

  /// Makes the page of the whole policy: one disk and one network interface, both architectures.
  ///
  /// - Parameter origin: the program and the policies that it is made from.
  /// - Throws: what verifying throws.
  package init(_ origin: ReportOrigin) throws {
    var sections = ""
    for architecture in Architecture.allCases { sections += try Self.section(architecture) }
    html = Self.beginning(origin) + sections + Self.modules() + Self.peers() + Self.end
  }

  private static func section(_ architecture: Architecture) throws -> String {
    guard let selection = Selection(short: "block+net@\(architecture.name)") else { return "" }
    let listing = try PolicyListing(selection.launch, selection: selection.short)
    let proof = try Verification(listing.program, against: listing.policy, name: selection.short)
    let bare = try Selection(architecture: architecture).launch.policy()
    var cells = ""
    var articles = ""
    let calls = Numbers.all(on: architecture)
    for (number, name) in calls {
      let rules = listing.policy.rules.filter { $0.call.number(on: architecture) == number }
      let isBare = bare.rules.contains { $0.call.number(on: architecture) == number }
      let kind: CallKind =
        Numbers.isUnasked(number, on: architecture) ? .unasked : rules.isEmpty ? .no : isBare ? .yes : .device
      let id = "\(architecture.name)-\(name)"
      // What more the filter finds it by.
      let words = Set(rules.flatMap { [String($0.name), String($0.hypercall)] }).sorted().joined(separator: " ")
      cells += "<a class='c \(kind.rawValue)' href='#\(id)'\(kind == .no ? " id='\(id)'" : "") data-n=\(number)"
      cells += words.isEmpty ? "" : " data-w='\(escaped(words))'"
      cells += " aria-label='\(name): \(kind.label)'>\(name)</a>"
      guard kind != .no else { continue }
      articles += "<article id='\(id)'><h3><a href='#\(id)'>\(name)</a>"
      articles += " <small>number \(number) on \(architecture.name)</small></h3>"
      articles += kind == .unasked ? unasked : rules.map { rule($0, listing) }.joined()
      articles += "</article>\n"
    }
    let allowed = Set(listing.policy.rules.map { "\($0.call.row.name)" }).count
    let asked = architecture == .x86_64 ? " <span class='c unasked'>newer kernels ask no filter</span>" : ""
    return """
      <section id='\(architecture.name)' aria-labelledby='h-\(architecture.name)'>
      <h2 id='h-\(architecture.name)'>\(architecture.name)</h2>
      <p class=sum>Selection <code>\(selection.short)</code>: <b>\(allowed)</b> of \(calls.count) system calls (those that libseccomp and Linux \(Numbers.newest) name) with a disk and a network interface, <b>\(bare.calls.count)</b> without. \
      Proved equal to the policy over all calls there are: \(proof.rules) rules, \(proof.instructions) instructions, \
      \(proof.paths) paths, \(proof.regions) regions; by decision diagrams too. \
      SHA-256 of the program: <code>\(listing.program.digest)</code></p>
      <p class=key><span class='c yes'>every guest</span> <span class='c device'>with a device</span> <span class='c no'>kills</span>\(asked)</p>
      <div class=grid role=group aria-label='system calls of \(architecture.name)'>\(cells)</div>
      \(articles)</section>

      """
  }

  /// What the policy makes of a system call, by the class of its cell.
  private enum CallKind: String {
    case yes, device, no, unasked

    var label: String {
      switch self {
      case .yes: "allowed to every guest, arguments pinned"
      case .device: "allowed with a device, arguments pinned"
      case .no: "kills"
      case .unasked: "kills, or newer kernels ask no filter"
      }
    }
  }

  private static let unasked =
    "<p>Not allowed. Linux before 6.14 (uretprobe; 6.12.14 and 6.13.3 of the stable lines) and 6.18 (uprobe) kills the tender. "
    + "Newer kernels ask no filter about it, "
    + "because it is their own way back from a tracer's probe; made from any other page they refuse it by themselves, with "
    + "SIGILL or an error. The threat model says so too.</p>"

  private static func rule(_ rule: Rule, _ listing: PolicyListing) -> String {
    var rows = ""
    for (index, condition) in rule.conditions.enumerated() {
      let name = rule.call.row.arguments[index]
      rows +=
        "<tr><th scope=row>\(name)<td>\(escaped(listing.launch.words(condition, of: name)))<td class=n>\(condition.count)"
    }
    let notes = ReviewedRule.table[String(rule.name)]
    let id = "\(listing.policy.architecture.name)-rule-\(rule.name.shown)"
    return """
      <h4 id='\(id)'><a href='#\(id)'>\(rule.name.shown)</a>, for \(rule.hypercall.shown)</h4><p>\(escaped(String(rule.why)))</p>
      <table><thead><tr><th scope=col>argument<th scope=col>condition<th scope=col class=n>values admitted</thead><tbody>\(rows)</tbody></table>
      <p>What is left to an attacker: \(escaped(notes?.attacker ?? "unknown"))</p><p><small>policies/\(rule.file):\(rule.position.line)</small></p>
      """
  }

  private static func modules() -> String {
    var rows = ""
    guard let policy = try? Selection(short: "block+net@aarch64")?.launch.policy() else { return "" }
    for module in Module.allCases {
      let rules = policy.rules.filter { "\($0.file)" == "\(module.source.name)" }
      let calls = once(rules.map { "\($0.call.row.name)" })
      let hypercalls = once(rules.map { String($0.hypercall) })
      let whom = [.block: "for each disk", .net: "for each network interface"][module] ?? "always"
      rows += row("\(module)", [("enabled", whom), ("hypercalls", hypercalls), ("system calls", calls)])
    }
    let head = head(["module", "enabled", "hypercalls", "system calls"])
    return """
      <section id=modules aria-labelledby=h-m><h2 id=h-m>Modules</h2>
      \(stack(head, rows))</section>

      """
  }

  /// Words as a list that has each of them once.
  private static func once(_ words: [String]) -> String {
    words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element).joined(separator: ", ")
  }

  private static func peers() -> String {
    func peer(
      _ name: String, _ calls: String, _ matched: String, _ note: String, _ source: String, _ style: String = ""
    )
      -> String
    {
      row(
        name, [("calls", calls), ("all rules match arguments", matched), ("note", note), ("source", source)], style,
        numbers: 2)
    }
    let brig = peer("Brig, 1 net + 1 block", "8", "8", "proved before every start", "this page", " class=us")
    let rows = Peer.all.map { peer($0.name, $0.calls, $0.matched, $0.note, $0.source) }
    let head = head(["tender or VMM", "calls", "all rules match arguments", "note", "source"], numbers: 1...2)
    return """
      <section id=others aria-labelledby=h-p><h2 id=h-p>Others</h2><p>System calls allowed while a guest runs, counted from the sources named.</p>
      \(stack(head, brig + rows.joined()))</section>

      """
  }

  /// A table whose cells stand one below the other where there is no room for columns.
  ///
  /// It says its roles, because such a table is none to some readers of screens.
  private static func stack(_ head: String, _ rows: String) -> String {
    "<table class=stack role=table><thead role=rowgroup>\(head)</thead><tbody role=rowgroup>\(rows)</tbody></table>"
  }

  private static func head(_ titles: [String], numbers: ClosedRange<Int>? = nil) -> String {
    "<tr role=row>"
      + titles.enumerated().map { index, title in
        "<th scope=col role=columnheader\(numbers?.contains(index) == true ? " class=n" : "")>\(title)"
      }.joined()
  }

  /// A row; `numbers` of its first cells are numbers.
  private static func row(
    _ title: String, _ cells: [(label: String, text: String)], _ style: String = "", numbers: Int = 0
  ) -> String {
    "<tr role=row\(style)><th scope=row role=rowheader>\(title)"
      + cells.enumerated().map { index, cell in
        "<td role=cell data-l='\(cell.label)'\(index < numbers ? " class=n" : "")>\(cell.text)"
      }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// The beginning of the page, up to its first section.
  private static func beginning(_ origin: ReportOrigin) -> String {
    """
    <!doctype html>
    <html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>
    <meta http-equiv=Content-Security-Policy content="\(ReportParts.securityPolicy)">
    <title>Brig: the policy</title><style>\(ReportParts.style)</style></head>
    <body><h1>Brig: what the tender may ask of the kernel</h1>
    <p>The kernel kills the tender for every call that isn't marked, and for a marked call with any argument that isn't as stated. There is one exception: newer kernels ask no filter about two calls of x86_64, and refuse these themselves.</p>
    <p>Each call and each rule has an address of its own, as <a href='#x86_64-ppoll'>#x86_64-ppoll</a>, <a href='#x86_64-openat'>#x86_64-openat</a> and <a href='#x86_64-rule-wait'>#x86_64-rule-wait</a>. With the keyboard: Tab to a grid, then the arrow keys, Home and End; Enter goes to the call.</p>
    <p class=sum>\(escaped(origin.text)).</p>
    <nav aria-label='parts of this page'><a href='#x86_64'>x86_64</a> <a href='#aarch64'>aarch64</a> <a href='#modules'>modules</a> <a href='#others'>others</a></nav>
    <div class=find role=search hidden><label>Filter calls by name, number, rule or hypercall: <input type=search placeholder='openat, 257, POLL, allowed' autocomplete=off spellcheck=false></label> <output></output></div>

    """
  }

  private static let end = "<script>\(ReportParts.script)</script></body></html>\n"
}
