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
    html =
      Self.head + "<p class=sum>\(Self.escaped(origin.text)).</p>\n" + sections + Self.modules() + Self.peers()
      + Self.tail
  }

  private static func section(_ architecture: Architecture) throws -> String {
    guard let selection = Selection(short: "block+net@\(architecture.name)") else { return "" }
    let listing = try PolicyListing(selection.launch, selection: selection.short)
    let proof = try Verification(listing.program, against: listing.policy, name: selection.short)
    let console = Selection(architecture: architecture)
    let bare = try console.launch.policy()
    var cells = ""
    var details = ""
    // On paper nothing can be chosen: the conditions of every allowed call stand there.
    var paper = ""
    let calls = Numbers.all(on: architecture)
    for (number, name) in calls {
      let rules = listing.policy.rules.filter { $0.call.number(on: architecture) == number }
      let isUnasked = Numbers.isUnasked(number, on: architecture)
      let kind =
        isUnasked
        ? "unasked"
        : rules.isEmpty ? "no" : bare.rules.contains { $0.call.number(on: architecture) == number } ? "yes" : "device"
      let label =
        [
          "no": "kills", "yes": "allowed to every guest, arguments pinned",
          "device": "allowed with a device, arguments pinned", "unasked": "kills, or newer kernels ask no filter",
        ][kind] ?? ""
      let id = "\(architecture.name)-\(name)"
      cells +=
        "<button type=button class='c \(kind)' aria-label='\(name): \(label)' aria-controls='d-\(architecture.name)' data-d='\(id)'>\(name)</button>"
      let heading = "<h3>\(name) <small>number \(number) on \(architecture.name)</small></h3>"
      let conditions = rules.map { rule($0, listing) }.joined()
      details += "<template id='\(id)'>\(heading)"
      details += isUnasked ? unasked : rules.isEmpty ? notAllowed : conditions
      details += "</template>"
      if !rules.isEmpty { paper += heading + conditions }
    }
    let allowed = Set(listing.policy.rules.map { "\($0.call.row.name)" }).count
    return """
      <section id='\(architecture.name)' aria-labelledby='h-\(architecture.name)'>
      <h2 id='h-\(architecture.name)'>\(architecture.name)</h2>
      <p class=sum>Selection <code>\(selection.short)</code>: <b>\(allowed)</b> of \(calls.count) system calls (those that libseccomp and Linux \(Numbers.newest) name) with a disk and a network interface, <b>\(bare.calls.count)</b> without. \
      Proved equal to the policy over all calls there are: \(proof.rules) rules, \(proof.instructions) instructions, \
      \(proof.paths) paths, \(proof.regions) regions; by decision diagrams too. \
      SHA-256 of the program: <code>\(listing.program.digest)</code></p>
      <p class=key><span class='c yes'>every guest</span> <span class='c device'>with a device</span> <span class='c no'>kills</span>\(architecture == .x86_64 ? " <span class='c unasked'>newer kernels ask no filter</span>" : "")</p>
      <div class=grid role=group aria-label='system calls of \(architecture.name)'>\(cells)</div>
      <div class=detail id='d-\(architecture.name)' aria-live=polite tabindex=-1><p>Choose a system call.</p></div>
      <div class=paper>\(paper)</div>
      \(details)</section>

      """
  }

  private static let notAllowed = "<p>Not allowed: the kernel kills the tender before the call is made.</p>"

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
    return """
      <h4>\(rule.name.shown), for \(rule.hypercall.shown)</h4><p>\(escaped(String(rule.why)))</p>
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
      rows += "<tr><th scope=row>\(module)<td>\(whom)<td>\(hypercalls)<td>\(calls)"
    }
    return """
      <section aria-labelledby=h-m><h2 id=h-m>Modules</h2><table><thead><tr><th scope=col>module<th scope=col>enabled<th scope=col>hypercalls<th scope=col>system calls</thead>
      <tbody>\(rows)</tbody></table></section>

      """
  }

  /// Words as a list that has each of them once.
  private static func once(_ words: [String]) -> String {
    words.enumerated().filter { !words[..<$0.offset].contains($0.element) }.map(\.element).joined(separator: ", ")
  }

  private static func peers() -> String {
    let brig =
      "<tr class=us><th scope=row>Brig, 1 net + 1 block<td class=n>8<td class=n>8<td>proved before every start<td>this page"
    let rows = Peer.all.map {
      "<tr><th scope=row>\($0.name)<td class=n>\($0.calls)<td class=n>\($0.matched)<td>\($0.note)<td>\($0.source)"
    }
    return """
      <section aria-labelledby=h-p><h2 id=h-p>Others</h2><p>System calls allowed while a guest runs, counted from the sources named.</p>
      <table><thead><tr><th scope=col>tender or VMM<th scope=col class=n>calls<th scope=col class=n>all rules match arguments<th scope=col>note<th scope=col>source</thead>
      <tbody>\(brig)\(rows.joined())</tbody></table></section>

      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static let head = """
    <!doctype html>
    <html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>
    <meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>Brig: the policy</title><style>
    :root{color-scheme:light dark;--bg:#fff;--fg:#1c2126;--soft:#5a646e;--line:#d5dade;--yes:#116329;--yb:#d9f2df;--dev:#0b4f9c;--db:#dceafb;--no:#5a646e;--nb:#f1f3f4}
    @media(prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--soft:#9aa5af;--line:#39424a;--yes:#8fe0a4;--yb:#123b1f;--dev:#9cc8ff;--db:#12315a;--no:#9aa5af;--nb:#1f252b}}
    body{font:15px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--fg);max-width:76rem;margin:0 auto;padding:1.5rem}
    h1{margin:0 0 .5rem}h2{margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}h3{margin:.2rem 0}h4{margin:.8rem 0 .2rem}small,.sum{color:var(--soft)}
    .sum b{color:var(--fg)}code{font-size:.8em;overflow-wrap:anywhere}.grid{display:flex;flex-wrap:wrap;gap:3px}
    .c{font:12px/1.4 ui-monospace,monospace;padding:1px 5px;border:1px solid var(--line);border-radius:3px;background:var(--nb);color:var(--no)}
    button.c{cursor:pointer}.c.yes{background:var(--yb);color:var(--yes);border-color:var(--yes);font-weight:700}.c.unasked{border-style:dashed}.c.device{background:var(--db);color:var(--dev);border-color:var(--dev);font-weight:700}
    button.c:focus-visible,.detail:focus-visible{outline:3px solid var(--dev);outline-offset:1px}button.c[aria-pressed=true]{outline:2px solid var(--fg)}
    .detail{border:1px solid var(--line);border-radius:6px;padding:.6rem 1rem;margin-top:.8rem;min-height:3rem}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem;border-bottom:1px solid var(--line)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tbody th{font-weight:600}.us{background:var(--yb)}
    .paper{display:none}
    @media print{body{max-width:none;padding:0;font-size:10px}.detail{display:none}.paper{display:block}.c{font-size:7px;padding:0 2px}.c.yes,.c.device{border-width:2px;print-color-adjust:exact}#aarch64,[aria-labelledby=h-m]{break-before:page}h2,h3,h4{break-after:avoid}table,p{break-inside:avoid}}
    </style></head><body><h1>Brig: what the tender may ask of the kernel</h1>
    <p>The kernel kills the tender for every call that isn't marked, but for two of x86_64 that newer kernels ask no filter about and refuse themselves, and for a marked call with any argument that isn't as stated. With the keyboard: Tab to a grid, then the arrow keys, Home and End; Enter shows the conditions.</p>

    """

  private static let tail = """
    <script>
    for(const grid of document.querySelectorAll('.grid')){
      const cells=[...grid.querySelectorAll('button')];
      const detail=grid.parentNode.querySelector('.detail');
      cells.forEach((cell,i)=>{cell.tabIndex=i?-1:0;cell.setAttribute('aria-pressed','false')});
      const focus=i=>{const cell=cells[Math.max(0,Math.min(cells.length-1,i))];cells.forEach(c=>c.tabIndex=-1);cell.tabIndex=0;cell.focus()};
      const row=(from,way)=>{const a=cells[from].getBoundingClientRect();let best=from,gap=1e9;
        cells.forEach((cell,i)=>{const b=cell.getBoundingClientRect();const dy=(b.top-a.top)*way;
          if(dy>4){const d=dy*100+Math.abs(b.left-a.left);if(d<gap){gap=d;best=i}}});return best};
      grid.addEventListener('click',e=>{const cell=e.target.closest('button');if(!cell)return;
        cells.forEach(c=>c.setAttribute('aria-pressed',String(c===cell)));
        detail.replaceChildren(document.getElementById(cell.dataset.d).content.cloneNode(true))});
      grid.addEventListener('keydown',e=>{const at=cells.indexOf(document.activeElement);if(at<0)return;
        const to={ArrowRight:at+1,ArrowLeft:at-1,Home:0,End:cells.length-1}[e.key]??(e.key==='ArrowDown'?row(at,1):e.key==='ArrowUp'?row(at,-1):-2);
        if(to!==-2){e.preventDefault();focus(to)}});
      const first=grid.querySelector('.yes');if(first)first.click();
    }
    </script></body></html>

    """
}
