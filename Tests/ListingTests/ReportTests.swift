import CLinux
import Glibc
import Testing

@testable import Listing

@Suite("the report")
struct ReportTests {
  static let chromium: String? = {
    let places: [String] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    return places.first { path in unsafe access(path, X_OK) == 0 }
  }()

  @Test("needs nothing from elsewhere, and fits its policy")
  func selfContained() throws {
    let html = try Report().html
    for word in ["http://", "https://", "src=", "@import", "url("] { #expect(!html.contains(word), "\(word)") }
    for rule in RuleNotes.table.keys { #expect(html.contains("<h4>\(rule), for"), "\(rule)") }
  }

  /// What a person does with the page, as a script that leaves its observations in the document.
  private static let script = """
    <script>
    const seen=[];const grid=document.querySelector('#x86_64 .grid');const detail=document.querySelector('#d-x86_64');
    const cell=name=>grid.querySelector(`[data-d="x86_64-${name}"]`);
    const key=(name)=>document.activeElement.dispatchEvent(new KeyboardEvent('keydown',{key:name,bubbles:true,cancelable:true}));
    cell('ppoll').click();seen.push('ppoll:'+detail.innerText.includes('wait, for POLL'));
    seen.push('pressed:'+grid.querySelectorAll('[aria-pressed=true]').length);
    cell('openat').click();seen.push('openat:'+detail.innerText.includes('Not allowed'));
    cell('read').focus();key('ArrowRight');seen.push('right:'+document.activeElement.textContent);
    key('ArrowDown');seen.push('down:'+(document.activeElement.getBoundingClientRect().top>cell('write').getBoundingClientRect().top));
    key('Home');seen.push('home:'+document.activeElement.textContent);
    seen.push('stops:'+grid.querySelectorAll('[tabindex="0"]').length);
    let calls=0;for(const b of grid.querySelectorAll('button')){b.click();calls+=detail.querySelector('h3')?1:0}
    seen.push('all:'+(calls===grid.querySelectorAll('button').length));
    document.body.replaceChildren(Object.assign(document.createElement('pre'),{textContent:'SEEN '+seen.join(' ')}));
    </script></body>
    """

  @Test("answers clicks and keys in a browser", .enabled(if: chromium != nil, "needs chromium"))
  func clickThrough() throws {
    let path = "/tmp/brig-report-\(getpid()).html"
    defer { unsafe unlink(path) }
    try Files.write(Array(Report().html.replacing("</body>", with: Self.script).utf8), to: path)
    let command =
      "timeout 100 \(Self.chromium ?? "") --headless --no-sandbox --disable-gpu --dump-dom file://\(path) 2>/dev/null"
    let line = Command.output(command).split(separator: "\n").first { $0.contains("SEEN") } ?? ""
    #expect(
      line.contains("SEEN ppoll:true pressed:1 openat:true right:write down:true home:read stops:1 all:true"), "\(line)"
    )
  }
}
