import Host
import Text

/// What the report's page has besides the policy: its look, its behaviour, and the rules that keep all else out.
enum ReportParts {
  /// What the page may load: nothing but this very style and this very script.
  static var securityPolicy: String {
    "default-src 'none'; style-src '\(source(style))'; script-src '\(source(script))'; base-uri 'none'; form-action 'none'"
  }

  /// A text as a source of a Content-Security-Policy, by its digest.
  static func source(_ text: String) -> String { "sha256-\(base64(Digest(of: Array(text.utf8)).bytes))" }

  /// Bytes in Base64 (RFC 4648).
  private static func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? UInt32(bytes[start + $1]) : 0) }
      for digit in 0..<4 {
        text.append(digit <= group.count ? digits[Int(bits >> (18 - 6 * UInt32(digit))) % 64] : "=")
      }
    }
    return text
  }

  static let style = """
    :root{color-scheme:light dark;--bg:#fff;--fg:#1c2126;--soft:#5a646e;--line:#d5dade;--yes:#116329;--yb:#d9f2df;--dev:#0b4f9c;--db:#dceafb;--no:#5a646e;--nb:#f1f3f4}
    @media(prefers-color-scheme:dark){:root{--bg:#14181c;--fg:#e6e9ec;--soft:#9aa5af;--line:#39424a;--yes:#8fe0a4;--yb:#123b1f;--dev:#9cc8ff;--db:#12315a;--no:#9aa5af;--nb:#1f252b}}
    *{box-sizing:border-box}[hidden]{display:none!important}
    body{font:15px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--fg);max-width:76rem;margin:0 auto;padding:1.5rem;overflow-wrap:break-word}
    h1{margin:0 0 .5rem;line-height:1.25}h2{margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}h3{margin:.2rem 0}h4{margin:.8rem 0 .2rem}p{margin:.5rem 0}small,.sum{color:var(--soft)}
    a{color:var(--dev)}h3 a,h4 a{color:inherit;text-decoration:none}h3 a:hover,h4 a:hover{text-decoration:underline}nav a{margin-right:1rem}
    .sum b{color:var(--fg)}code{font-size:.8em;overflow-wrap:anywhere}.grid{display:flex;flex-wrap:wrap;gap:3px}
    .c{font:12px/1.4 ui-monospace,monospace;padding:1px 5px;border:1px solid var(--line);border-radius:3px;background:var(--nb);color:var(--no);text-decoration:none}
    .c.yes{background:var(--yb);color:var(--yes);border-color:var(--yes);font-weight:700}.c.unasked{border-style:dashed}.c.device{background:var(--db);color:var(--dev);border-color:var(--dev);font-weight:700}
    .c:target{outline:2px solid var(--fg);color:var(--fg);padding:.4rem .6rem}.c:target::after{content:", number " attr(data-n) ": not allowed, kills the tender"}
    a:focus-visible,input:focus-visible{outline:3px solid var(--dev);outline-offset:1px}
    .key .c{display:inline-block}
    .find{position:sticky;top:0;z-index:1;background:var(--bg);padding:.5rem 0;border-bottom:1px solid var(--line)}
    .find input{font:inherit;width:18rem;max-width:100%;padding:.25rem .5rem;border:1px solid var(--soft);border-radius:4px;background:var(--bg);color:var(--fg)}
    .find output{white-space:nowrap}
    article{border:1px solid var(--line);border-radius:6px;padding:.6rem 1rem;margin-top:.8rem}article,h4,.c{scroll-margin-top:7rem}
    article:target{outline:2px solid var(--fg)}h4:target{text-decoration:underline;text-decoration-thickness:2px}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem;border-bottom:1px solid var(--line)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}tbody th{font-weight:600}.us{background:var(--yb)}
    @media(max-width:40rem){body{padding:.75rem}article{padding:.4rem .6rem}h1{font-size:1.5rem}th,td{padding:.2rem .3rem}td{overflow-wrap:anywhere}td.n{overflow-wrap:normal}
    .stack thead{display:none}.stack tbody,.stack tr,.stack th,.stack td{display:block}.stack td,.stack th{border:0}.stack tr{border-bottom:1px solid var(--line);padding:.3rem 0}.stack td.n{text-align:left}
    .stack td::before{content:attr(data-l) ": ";color:var(--soft)}}
    @media print{body{max-width:none;padding:0;font-size:10px}nav,.find{display:none}.c{font-size:7px;padding:0 2px}.c.yes,.c.device{border-width:2px;print-color-adjust:exact}#aarch64,[aria-labelledby=h-m]{break-before:page}h2,h3,h4{break-after:avoid}table,p{break-inside:avoid}}
    """

  /// The box that filters, and arrow keys in a grid: without it the page shows everything, and its addresses work.
  static let script = """
    const find=document.querySelector('.find'),box=find.querySelector('input'),count=find.querySelector('output');
    const grids=[...document.querySelectorAll('.grid')].map(grid=>[...grid.querySelectorAll('a')]),cells=grids.flat();
    const words=new Map(cells.map(cell=>[cell,[cell.getAttribute('aria-label'),cell.dataset.n,cell.dataset.w||''].join(' ').toLowerCase()]));
    const open=cells=>cells.filter(cell=>!cell.hidden);
    const stop=(cells,at)=>cells.forEach(cell=>cell.tabIndex=cell===at?0:-1);
    const filter=()=>{
      const wanted=box.value.toLowerCase().split(/\\s+/).filter(word=>word),kept=new Set();
      for(const cell of cells){cell.hidden=!wanted.every(word=>words.get(cell).includes(word));if(!cell.hidden)kept.add(cell.hash.slice(1))}
      for(const part of document.querySelectorAll('article'))part.hidden=!kept.has(part.id);
      count.textContent=wanted.length?kept.size+' of '+cells.length+' calls':'';
      for(const grid of grids)stop(grid,open(grid)[0]);
    };
    const row=(cells,from,way)=>{const a=cells[from].getBoundingClientRect();let best=from,gap=1e9;
      cells.forEach((cell,i)=>{const b=cell.getBoundingClientRect(),dy=(b.top-a.top)*way;
        if(dy>4){const d=dy*100+Math.abs(b.left-a.left);if(d<gap){gap=d;best=i}}});return best};
    for(const grid of grids)grid[0].parentNode.addEventListener('keydown',e=>{
      const cells=open(grid),at=cells.indexOf(document.activeElement);if(at<0)return;
      const to={ArrowRight:at+1,ArrowLeft:at-1,Home:0,End:cells.length-1}[e.key]??(e.key==='ArrowDown'?row(cells,at,1):e.key==='ArrowUp'?row(cells,at,-1):-2);
      if(to===-2)return;
      e.preventDefault();const cell=cells[Math.max(0,Math.min(cells.length-1,to))];stop(grid,cell);cell.focus()});
    box.addEventListener('input',filter);
    addEventListener('hashchange',()=>{const place=document.getElementById(location.hash.slice(1));
      if(place&&place.closest('[hidden]')){box.value='';filter();place.scrollIntoView()}});
    find.hidden=false;filter();
    """
}
