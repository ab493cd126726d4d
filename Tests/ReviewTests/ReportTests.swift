import CLinux
import Filters
import Foundation
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
    for word in ["http://", "https://", "src=", "@import", "url(", "unsafe-", " style=", " on"] {
      // What stands behind a blank would be an attribute.
      #expect(!word.hasPrefix(" ") ? !html.contains(word) : !Self.tags(html).contains { $0.contains(word) }, "\(word)")
    }
    for rule in ReviewedRule.table.keys { #expect(html.contains("-rule-\(rule)'>\(rule)</a>, for"), "\(rule)") }
  }

  /// The tags of a page, without its style and script.
  private static func tags(_ html: String) -> [Substring] {
    var text = html
    for part in ["style", "script"] { text = text.replacing(inner(part, of: html), with: "") }
    return text.split(separator: "<").map { $0.prefix { $0 != ">" } }
  }

  /// What stands between the tags of a part that the page has once.
  private static func inner(_ part: String, of html: String) -> String {
    let pieces = html.components(separatedBy: "<\(part)>")
    return pieces.count == 2 ? pieces[1].components(separatedBy: "</\(part)>")[0] : ""
  }

  @Test("allows its own style and script by their digests, and no other")
  func securityPolicy() throws {
    let html = try Self.report().html
    var policy = "default-src 'none'"
    for part in ["style", "script"] {
      let text = Array(Self.inner(part, of: html).utf8)
      #expect(text.count > 500, "\(part)")
      let digest = Data(Digest(of: text).bytes).base64EncodedString()
      policy += "; \(part)-src 'sha256-\(digest)'"
    }
    policy += "; base-uri 'none'; form-action 'none'"
    #expect(html.contains("<meta http-equiv=Content-Security-Policy content=\"\(policy)\">"))
  }

  @Test("has one address for each call and each rule, and no link that leads nowhere")
  func addresses() throws {
    let tags = Self.tags(try Self.report().html)
    func values(_ name: String) -> [String] {
      tags.compactMap { tag in
        guard let start = tag.range(of: " \(name)=") else { return nil }
        let rest = tag[start.upperBound...]
        return String(rest.hasPrefix("'") ? rest.dropFirst().prefix { $0 != "'" } : rest.prefix { $0 != " " })
      }
    }
    let (places, links) = (values("id"), values("href"))
    #expect(places.count > 700 && Set(places).count == places.count)
    #expect(links.count > 700)
    for link in links { #expect(link.hasPrefix("#") && places.contains(String(link.dropFirst())), "\(link)") }
    for architecture in Architecture.allCases {
      for (_, name) in Numbers.all(on: architecture) {
        #expect(places.contains("\(architecture.name)-\(name)") && links.contains("#\(architecture.name)-\(name)"))
      }
      let policy = try #require(Selection(short: "block+net@\(architecture.name)")).launch.policy()
      for rule in policy.rules {
        let place = "\(architecture.name)-rule-\(rule.name.shown)"
        #expect(places.contains(place) && links.contains("#\(place)"), "\(place)")
      }
    }
  }

  /// What a person does with the page, as a script that leaves its observations in the document.
  private static let clicks = """
    const grid=document.querySelector('#x86_64 .grid');
    const cell=name=>grid.querySelector(`[href="#x86_64-${name}"]`);
    const key=(name)=>document.activeElement.dispatchEvent(new KeyboardEvent('keydown',{key:name,bubbles:true,cancelable:true}));
    const type=text=>{box.value=text;box.dispatchEvent(new Event('input'));
      return grid.querySelectorAll('a:not([hidden])').length+'/'+document.querySelectorAll('#x86_64 article:not([hidden])').length};
    seen.push('box:'+!find.hidden);
    cell('read').focus();key('ArrowRight');seen.push('right:'+document.activeElement.textContent);
    key('ArrowDown');seen.push('down:'+(document.activeElement.getBoundingClientRect().top>cell('write').getBoundingClientRect().top));
    key('Home');seen.push('home:'+document.activeElement.textContent);
    seen.push('stops:'+grid.querySelectorAll('[tabindex="0"]').length);
    seen.push('openat:'+type('openat '));seen.push('number:'+type('271'));seen.push('hypercall:'+type('  PUTS'));
    seen.push('two:'+type('allowed DEVICE'));seen.push('none:'+type('nonsense')+','+count.textContent.split(' ')[0]);
    type('exit');cell('exit').focus();key('ArrowRight');seen.push('next:'+document.activeElement.textContent);
    location.hash='#x86_64-rule-wait';dispatchEvent(new Event('hashchange'));
    seen.push('hidden:'+document.querySelectorAll('[hidden]').length+','+box.value);
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
    const contrast=()=>Math.min(...[...document.querySelectorAll('body,h1,h2,h3,h4,p,a,small,code,td,th,.c,input')].map(element=>{
      const [a,b]=[light(style(element).color),light(behind(element))].sort((x,y)=>y-x);return (a+0.05)/(b+0.05)}));
    const shown=name=>style(document.querySelector(name)).display!=='none';
    const look=name=>seen.push(name+':'+light(style(document.body).backgroundColor).toFixed(2)+','+(contrast()>=4.5)
      +','+shown('.find')+','+shown('article'));
    seen.push('rules:'+rules.length);
    look('light');rule('dark').media.mediaText='all';look('dark');rule('all').media.mediaText='not all';
    look('light');rule('print').media.mediaText='all';look('print');
    """

  /// What a browser makes of a page: the document afterwards.
  private static func browse(_ html: String) throws -> String {
    let path = "/tmp/brig-report-\(getpid())-\(UInt32.random(in: 0 ... .max)).html"
    defer { unsafe unlink(path) }
    try Files.write(Array(html.utf8), to: path)
    return Command.output(
      "timeout 100 \(chromium ?? "") --headless --no-sandbox --disable-gpu --hide-scrollbars --dump-dom file://\(path) 2>/dev/null"
    )
  }

  /// What a script sees in the page in a browser; the page's own policy would keep it out.
  private static func observe(_ script: String) throws -> String {
    let frame = """
      <script>const seen=[];
      \(script)
      document.body.replaceChildren(Object.assign(document.createElement('pre'),{textContent:'SEEN '+seen.join(' ')}));
      </script></body>
      """
    let html = try report().html.replacing("</body>", with: frame)
      .replacing(ReportParts.securityPolicy, with: "default-src 'unsafe-inline'")
    let document = try browse(html)
    return document.split(separator: "\n").first { $0.contains("SEEN") }.map(String.init) ?? document
  }

  @Test("filters, and answers keys in a browser", .enabled(if: chromium != nil, "needs chromium"))
  func clickThrough() throws {
    let line = try Self.observe(Self.clicks)
    let expected =
      "SEEN box:true right:write down:true home:read stops:1 openat:2/0 number:1/1 hypercall:1/1 two:3/3 none:0/0,0 "
      + "next:exit_group hidden:0, "
    #expect("\(line) ".replacing("</pre>", with: "").contains(expected), "\(line)")
  }

  @Test("runs under its own policy, which keeps a changed script out", .enabled(if: chromium != nil, "needs chromium"))
  func policed() throws {
    let html = try Self.report().html
    let box = #"<div class="find" role="search">"#
    #expect(try Self.browse(html).contains(box))
    let changed = html.replacing("<script>", with: "<script>/**/")
    let document = try Self.browse(changed)
    #expect(!document.contains(box) && document.contains("<div class=\"find\" role=\"search\" hidden"))
    // Without the box everything is there.
    #expect(document.components(separatedBy: "<article ").count == html.components(separatedBy: "<article ").count)
  }

  @Test("fits a narrow window and a wide one", .enabled(if: chromium != nil, "needs chromium"), arguments: [360, 1280])
  func fits(_ width: Int) throws {
    // No window is that narrow, but a frame is.
    let page = try Data(Self.report().html.utf8).base64EncodedString()
    let host = """
      <!doctype html><body><script>
      const frame=document.createElement('iframe');frame.style='width:\(width)px;height:900px;border:0';
      frame.srcdoc=new TextDecoder().decode(Uint8Array.from(atob('\(page)'),c=>c.charCodeAt(0)));
      frame.onload=()=>{const wide=[...frame.contentDocument.querySelectorAll('body *')].filter(e=>e.getBoundingClientRect().right>\(width)+1);
        document.body.textContent='SEEN '+[frame.contentWindow.innerWidth,frame.contentDocument.documentElement.scrollWidth,
          wide.length,frame.contentDocument.querySelectorAll('article').length].join(' ')+(wide[0]?wide[0].outerHTML.slice(0,80):'')};
      document.body.append(frame)</script></body>
      """
    let articles = try Self.report().html.components(separatedBy: "<article ").count - 1
    let line = try Self.browse(host)
    #expect(line.contains("SEEN \(width) \(width) 0 \(articles)<"), "\(line.suffix(300))")
  }

  @Test("can be read in the light, in the dark and on paper", .enabled(if: chromium != nil, "needs chromium"))
  func media() throws {
    let line = try Self.observe(Self.media)
    let expected =
      "SEEN rules:3 light:1.00,true,true,true dark:0.01,true,true,true light:1.00,true,true,true "
      + "print:1.00,true,false,true"
    #expect(line.contains(expected), "\(line)")
  }

  @Test("names calls that are newer than the library's table, and each call of a module once")
  func names() throws {
    let html = try Self.report().html
    for name in ["mseal", "listns", "cachestat", "futex_wake", "map_shadow_stack"] {
      for architecture in Architecture.allCases { #expect(html.contains("href='#\(architecture.name)-\(name)'")) }
    }
    #expect(Numbers.name(of: 462, on: .x86_64) == "mseal" && Numbers.name(of: 470, on: .aarch64) == "listns")
    #expect(Numbers.name(of: 336, on: .x86_64) == "uprobe" && Numbers.name(of: 336, on: .aarch64) == nil)
    #expect(Numbers.name(of: 471, on: .x86_64) == nil && Numbers.name(of: 450, on: .x86_64) != nil)
    for architecture in Architecture.allCases {
      let calls = Numbers.all(on: architecture)
      #expect(Set(calls.map(\.name)).count == calls.count)
      #expect(html.contains("of \(calls.count) system calls (those that libseccomp and Linux 6.19 name)"))
    }
    #expect(html.contains("<td role=cell data-l='hypercalls'>RUN<td role=cell data-l='system calls'>ioctl, write"))
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
      #expect(html.contains("aria-label='\(name): kills, or newer kernels ask no filter'>\(name)</a>"))
      let detail = html.components(separatedBy: "<article id='x86_64-\(name)'>").last?.prefix(300) ?? ""
      #expect(detail.contains("Linux before 6.14"))
    }
    #expect(!html.contains("id='aarch64-uprobe'"))
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
