import CLinux
import Filters
import Glibc
import Host
import Policy
@testable import Review
import Testing
import Text

/// To add one: a function about `report().html`; of what a browser shows, one that `observe`s a script.
@Suite("the report")
struct ReportTests {
  static let chromium: String? = {
    let places: [String] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    return places.first { path in unsafe access(path, X_OK) == 0 }
  }()

  static func report() throws -> Report {
    try Report(ReportOrigin(version: "v0", directory: "/nonexistent", seconds: 951_782_400))
  }

  @Test("needs nothing from elsewhere, and fits its policy")
  func selfContained() throws {
    let html = try Self.report().html
    for word in ["http://", "https://", "src=", "@import", "url("] { #expect(!html.contains(word), "\(word)") }
    for rule in ReviewedRule.table.keys { #expect(html.contains("<h4>\(rule), for"), "\(rule)") }
  }

  /// What a person does with the page, as a script that leaves its observations in the document.
  private static let clicks = """
    const grid=document.querySelector('#x86_64 .grid');const detail=document.querySelector('#d-x86_64');
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
    """

  /// The page's colours as a person sees them: each scheme's, told by the style sheet's own rules, which are made to hold for
  /// every medium; the least contrast of any text with what is behind it (WCAG 2, which asks for 4.5); and paper.
  private static let media = """
    const rules=[...document.styleSheets].flatMap(sheet=>[...sheet.cssRules]).filter(rule=>rule instanceof CSSMediaRule);
    const rule=name=>rules.find(rule=>rule.media.mediaText.includes(name));
    const style=element=>getComputedStyle(element);
    const parts=colour=>colour.match(/[0-9.]+/g).map(Number);
    const light=colour=>parts(colour).slice(0,3).map(v=>v/255).map(v=>v<=0.04045?v/12.92:((v+0.055)/1.055)**2.4)
      .reduce((sum,v,i)=>sum+v*[0.2126,0.7152,0.0722][i],0);
    const behind=element=>{for(let e=element;e;e=e.parentElement){const c=style(e).backgroundColor;if(parts(c)[3]!==0)return c}return 'rgb(255,255,255)'};
    const contrast=()=>Math.min(...[...document.querySelectorAll('body,h1,h2,h3,p,small,code,td,th,.c')].map(element=>{
      const [a,b]=[light(style(element).color),light(behind(element))].sort((x,y)=>y-x);return (a+0.05)/(b+0.05)}));
    const shown=name=>style(document.querySelector(name)).display!=='none';
    const look=name=>seen.push(name+':'+light(style(document.body).backgroundColor).toFixed(2)+','+(contrast()>=4.5)
      +','+shown('.detail')+','+shown('.paper'));
    seen.push('rules:'+rules.length);
    look('light');rule('dark').media.mediaText='all';look('dark');rule('all').media.mediaText='not all';
    look('light');rule('print').media.mediaText='all';look('print');
    """

  /// What a script sees in the page in a browser.
  private static func observe(_ script: String) throws -> String {
    let path = "/tmp/brig-report-\(getpid())-\(UInt32.random(in: 0 ... .max)).html"
    defer { unsafe unlink(path) }
    let frame = """
      <script>const seen=[];
      \(script)
      document.body.replaceChildren(Object.assign(document.createElement('pre'),{textContent:'SEEN '+seen.join(' ')}));
      </script></body>
      """
    try Files.write(Array(Self.report().html.replacing("</body>", with: frame).utf8), to: path)
    let line = Command.output(
      "timeout 100 \(chromium ?? "") --headless --no-sandbox --disable-gpu --dump-dom file://\(path) 2>/dev/null")
    return line.split(separator: "\n").first { $0.contains("SEEN") }.map(String.init) ?? line
  }

  @Test("answers clicks and keys in a browser", .enabled(if: chromium != nil, "needs chromium"))
  func clickThrough() throws {
    let line = try Self.observe(Self.clicks)
    #expect(
      line.contains("SEEN ppoll:true pressed:1 openat:true right:write down:true home:read stops:1 all:true"), "\(line)"
    )
  }

  @Test("can be read in the light, in the dark and on paper", .enabled(if: chromium != nil, "needs chromium"))
  func media() throws {
    let line = try Self.observe(Self.media)
    let expected =
      "SEEN rules:2 light:1.00,true,true,false dark:0.01,true,true,false light:1.00,true,true,false "
      + "print:1.00,true,false,true"
    #expect(line.contains(expected), "\(line)")
  }

  @Test("names calls that are newer than the library's table, and each call of a module once")
  func names() throws {
    let html = try Self.report().html
    for name in ["mseal", "listns", "cachestat", "futex_wake", "map_shadow_stack"] {
      for architecture in Architecture.allCases { #expect(html.contains("data-d='\(architecture.name)-\(name)'")) }
    }
    #expect(Numbers.name(of: 462, on: .x86_64) == "mseal" && Numbers.name(of: 470, on: .aarch64) == "listns")
    #expect(Numbers.name(of: 336, on: .x86_64) == "uprobe" && Numbers.name(of: 336, on: .aarch64) == nil)
    #expect(Numbers.name(of: 471, on: .x86_64) == nil && Numbers.name(of: 450, on: .x86_64) != nil)
    for architecture in Architecture.allCases {
      let calls = Numbers.all(on: architecture)
      #expect(Set(calls.map(\.name)).count == calls.count)
      #expect(html.contains("of \(calls.count) system calls (those that libseccomp and Linux 6.19 name)"))
    }
    #expect(html.contains("<td>RUN<td>ioctl, write"))
    #expect(!html.contains("ioctl, ioctl"))
  }

  @Test("says what it was made of, and of which calls no filter is asked")
  func origin() throws {
    let html = try Self.report().html
    #expect(html.contains("Made by brig v0, commit unknown, on 2000-02-29 (UTC)."))
    for architecture in Architecture.allCases {
      #expect(html.contains("Selection <code>block+net@\(architecture.name)"))
    }
    for name in ["uretprobe", "uprobe"] {
      #expect(html.contains("class='c unasked' aria-label='\(name): kills, or newer kernels ask no filter'"))
      let detail = html.split(separator: "<template id='x86_64-\(name)'>").last?.prefix(200) ?? ""
      #expect(detail.contains("Newer kernels ask no filter") || detail.contains("Linux before 6.14"))
    }
    #expect(!html.contains("<template id='aarch64-uprobe'>"))
  }

  @Test("compares with others by revision, or says that none was written down")
  func peers() {
    for peer in Peer.all {
      let hasRevision = peer.source.split { " ,".contains($0) }.contains { word in
        word.count >= 7 && word.allSatisfy(\.isHexDigit)
      }
      #expect(hasRevision || peer.source.contains("revision not recorded"), "\(peer.source)")
    }
  }

  @Test("is written into a directory that is made, and says what to do where that can't be")
  func directories() throws {
    let root = "/tmp/brig-report-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try Files.makeDirectory(root)
    try Files.makeDirectory(root)
    let message = "\(root)/a/b: No such file or directory: first make \(root)/a, by mkdir -p"
    #expect(throws: Complaint(message)) { try Files.makeDirectory("\(root)/a/b") }
    #expect(throws: Complaint("a/b: No such file or directory: first make a, by mkdir -p")) {
      try Files.makeDirectory("a/b")
    }
    try Files.write([], to: "\(root)/file")
    #expect(throws: Complaint("\(root)/file: File exists")) { try Files.makeDirectory("\(root)/file") }
  }
}
