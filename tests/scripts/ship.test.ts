/** What happens to a page between the framework's build and the web server. */
import { describe, expect, test } from 'vitest';
import { relativeLink, rootOf } from '../../scripts/ship/links';
import { llmsText, summaryOf } from '../../scripts/ship/llms';
import { inlineScript, shipPage, speculationRules } from '../../scripts/ship/page';
import { indexScript, sectionsIn, sectionsOf } from '../../scripts/ship/search-index';

const assets = {
  style: 'assets/s.css',
  work: 'assets/w.css',
  print: 'assets/l.css',
  components: 'assets/c.css',
  styled: ['Dial'],
  search: 'assets/q.js',
  math: 'assets/m.css',
  formulas: 'assets/f.js',
  script: 'assets/p.js',
  procedure: 'assets/steps.js',
  forms: 'assets/forms.js',
  run: 'assets/run.js',
  formRun: 'assets/form-run.js',
  resume: 'assets/resume.js',
  editions: 'assets/editions.js',
  islands: { react: 'assets/r.js', scripts: { X: 'assets/x.js' } },
};

describe('links', () => {
  test.each([
    ['/emergency/unseal/#UNS-04', 'audit/index.html', '/', '../emergency/unseal/index.html#UNS-04'],
    ['/emergency/unseal', 'audit/index.html', '/', '../emergency/unseal/index.html'],
    ['/', 'audit/map/index.html', '/', '../../index.html'],
    ['/favicon.svg', 'index.html', '/', 'favicon.svg'],
    ['/book/audit/', 'index.html', '/book/', 'audit/index.html'],
    ['/other/', 'index.html', '/book/', '/other/'],
    ['#here', 'index.html', '/', '#here'],
    ['/audit/#here', 'audit/index.html', '/', '#here'],
    ['https://example.org/', 'index.html', '/', 'https://example.org/'],
    ['//example.org/', 'index.html', '/', '//example.org/'],
    ['mailto:a@example.org', 'index.html', '/', 'mailto:a@example.org'],
  ])('%s on %s under %s is %s', (href, page, base, expected) => {
    expect(relativeLink(href, page, base)).toBe(expected);
  });

  test('the way up', () => {
    expect([rootOf('index.html'), rootOf('a/b/index.html')]).toEqual(['', '../../']);
  });
});

function page(body: string): string {
  return `<!doctype html><html class="x" data-has-hydrated="false"><head><title>T</title>
<link rel="stylesheet" href="/assets/css/x.css"><script src="/assets/js/main.js" defer></script></head>
<body><script>framework()</script><main><h1>A "quoted" title</h1>${body}</main><p class="release">R 1</p></body></html>`;
}

describe('a page that ships', () => {
  test('has lost the framework and loads only what every page needs', () => {
    const html = shipPage(page(''), 'a/index.html', '/', assets);
    expect(html).not.toContain('framework()');
    expect(html).not.toContain('main.js');
    expect(html.match(/<script/g)?.length).toBe(3);
    expect(html).toContain(`<script>${inlineScript}</script>`);
    expect(html).toContain(`<script type="speculationrules">${speculationRules}</script>`);
    expect(html).toContain(
      '<link rel="stylesheet" href="../assets/s.css"><link rel="stylesheet" href="../assets/l.css">',
    );
    expect(html).toContain('data-results="../assets/q.js"');
    expect(html).not.toMatch(/m\.css|w\.css|f\.js|<script src="[^"]*q\.js/);
    expect(html).not.toContain('r.js');
  });

  test('loads formulas and islands only where they stand', () => {
    const math = shipPage(page('<span class="katex">x</span>'), 'index.html', '/', assets);
    expect(math).toContain('<link rel="stylesheet" href="assets/m.css"><script src="assets/f.js"></script>');
    expect(math.indexOf('f.js')).toBeLessThan(math.indexOf('<body'));
    const props = '{&quot;page&quot;:{&quot;href&quot;:&quot;/b/c&quot;},&quot;text&quot;:&quot;a / b&quot;}';
    const island = `<div data-island="X" data-props="${props}"><a href="/b/c">c</a></div>`;
    const woken = shipPage(page(island), 'b/index.html', '/', assets);
    expect(woken).toContain('data-react="../assets/r.js" data-script="../assets/x.js"');
    expect(woken).not.toContain('<script src="../assets/r.js"');
    expect(woken).toContain('&quot;href&quot;:&quot;c/index.html&quot;');
    expect(woken).toContain('<a href="c/index.html">');
    expect(woken).toContain('a / b');
  });

  test('makes each step a heading below the one that it stands under', () => {
    const step = (id: string) =>
      `<section class="step" id="${id}"><h3 class="step-title">${id}</h3></section>`;
    const html = shipPage(
      page(
        `<h2>Begin</h2>${step('A-01')}${step('A-02')}<h3>Shard 1</h3>${step('A-S1-01')}<h2>End</h2>${step('A-03')}`,
      ),
      'index.html',
      '/',
      assets,
    );
    expect([...html.matchAll(/<(h\d)[^>]*>([^<]+)<\/\1>/g)].map(([, tag, text]) => `${tag} ${text}`)).toEqual(
      [
        'h1 A "quoted" title',
        'h2 Begin',
        'h3 A-01',
        'h3 A-02',
        'h3 Shard 1',
        'h4 A-S1-01',
        'h2 End',
        'h3 A-03',
      ],
    );
  });

  test('loads the scripts of procedures and forms only where they stand', () => {
    const steps = shipPage(page('<div data-run></div>'), 'index.html', '/', assets);
    expect(steps).toContain('assets/steps.js');
    expect(steps).not.toContain('c.css');
    expect(shipPage(page('<p class="Other_face Dialect">x</p>'), 'index.html', '/', assets)).not.toContain(
      'c.css',
    );
    expect(shipPage(page('<p class="Dial_face">x</p>'), 'index.html', '/', assets)).toMatch(
      /l\.css">.*c\.css">/,
    );
    // Paper comes last, so that it overrules.
    expect(steps).toMatch(/s\.css">.*w\.css">.*l\.css">/);
    expect(shipPage(page('<form data-form="log"></form>'), 'index.html', '/', assets)).toContain(
      'assets/forms.js',
    );
    expect(shipPage(page('<p>words</p>'), 'index.html', '/', assets)).not.toMatch(/steps\.js|forms\.js/);
  });

  test('keeps the comments of React only where React will look for them', () => {
    const html = shipPage(
      page('<p>a<!-- -->b</p><div data-island="X" data-props="{}"><p>c<!-- -->d</p></div>'),
      'index.html',
      '/',
      assets,
    );
    expect(html).toContain('<p>ab</p>');
    expect(html).toContain('<p>c<!-- -->d</p>');
  });

  test('lets paths in tables break after a slash, and leaves other code alone', () => {
    const html = shipPage(
      page(
        '<p><code>a/b</code></p><table><tr><td><code>tests/a/b.ts</code></td></tr></table>' +
          '<div data-island="X" data-props="{}"><table><tr><td><code>a/b</code></td></tr></table></div>',
      ),
      'index.html',
      '/',
      assets,
    );
    expect(html).toContain('<p><code>a/b</code></p>');
    expect(html).toContain('<td><code>tests/<wbr>a/<wbr>b.ts</code></td>');
    expect(html).toContain('<td><code>a/b</code></td>');
    const halves = page('<table><tbody><tr><td><code>tests/<!-- -->a/b.ts</code></td></tr></tbody></table>');
    expect(shipPage(halves, 'a/index.html', '/', assets)).toContain(
      '<td><code>tests/<wbr>a/<wbr>b.ts</code></td>',
    );
  });

  test('refuses an island that nobody bundles', () => {
    expect(() => shipPage(page('<div data-island="Y"></div>'), 'index.html', '/', assets)).toThrow(
      'island Y',
    );
  });

  test('is painted when its first screen is there', () => {
    const expected = (body: string) =>
      /<link rel="expect" href="#([^"]*)" blocking="render">/.exec(
        shipPage(page(body), 'index.html', '/', assets),
      )?.[1];
    expect(expected('<h2 id="a">A</h2>')).toBe('foot');
    expect(expected(`<h2 id="a">A</h2><p>${'x'.repeat(5000)}</p><h2 id="b">B</h2><h2 id="c">C</h2>`)).toBe(
      'b',
    );
    expect(shipPage(page(''), 'index.html', '/', assets)).toContain('<p class="release" id="foot">');
  });

  test('names its sheets, whatever the title holds', () => {
    const html = shipPage(page(''), 'index.html', '/', assets);
    expect(html).toContain('@top-left{content:"A  quoted  title"}@bottom-left{content:"R 1"}');
  });

  test('keeps absolute links where it is served at any depth', () => {
    expect(shipPage(page('<a href="/b/">b</a>'), '404.html', '/', assets)).toContain('href="/b/"');
  });
});

describe('the search index', () => {
  const html =
    page(`<p>Before.</p><h2 id="one">One<a class="hash-link" href="#one">#</a></h2><p>First   text</p>
<section class="step" id="ABC-01"><div class="step-head"><a>ABC-01</a><p>who</p></div><p>Operator: run it. Look.</p><pre>run me</pre><button>Copy</button></section><p>After.</p>`);

  test('leaves out what a page puts together from others', () => {
    const derived = page('<p>Own.</p><ul data-derived=""><li>elsewhere</li></ul>');
    expect(sectionsOf(derived, 'a/index.html')[0]?.text).toBe('Own.');
  });

  test('has a section for each heading and each step', () => {
    expect(sectionsOf(html, 'a/index.html')).toEqual([
      { url: 'a/index.html', page: 'A "quoted" title', heading: '', text: 'Before.' },
      { url: 'a/index.html#one', page: 'A "quoted" title', heading: 'One', text: 'First text After.' },
      {
        url: 'a/index.html#ABC-01',
        page: 'A "quoted" title',
        heading: 'ABC-01 Run it',
        text: 'Operator: run it. Look. run me',
      },
    ]);
  });
});

test('the first section of a page says what the page is about', () => {
  const html = page('<p>Before.</p>').replace('<title>', '<meta name="description" content="Why."><title>');
  expect(sectionsOf(html, 'a/index.html')[0]?.text).toBe('Why. Before.');
});

test('llms.txt names every page with its sentence', () => {
  const html = page('').replace('<title>', '<meta name="description" content="Why."><title>');
  const summary = summaryOf(html, 'a/index.html');
  expect(summary).toEqual({ file: 'a/index.html', title: 'A "quoted" title', description: 'Why.' });
  expect(summaryOf(page(''), 'b/index.html')).toBeUndefined();
  expect(llmsText(summary === undefined ? [] : [summary])).toContain(
    '## A\n\n- [A "quoted" title](a/index.html): Why.\n',
  );
});

test('the index of the search is a script that brings its sections, whatever characters they hold', () => {
  const text = `it's \\ "quoted" \\' \n\u2028 </script>`;
  const sections = [
    { url: 'a/index.html#b', page: 'A', heading: "B's", text },
    { url: 'a/index.html#ABC-01', page: 'A', heading: 'ABC-01 Look', text: 'Operator: look. See.' },
  ];
  const script = indexScript(sections);
  const holder: { runbookPages?: unknown } = {};
  new Function('globalThis', script)(holder);
  expect(holder.runbookPages).toEqual([
    [
      'a/index.html',
      'A',
      [
        ['b', "B's", text],
        ['ABC-01', '', 'Operator: look. See.'],
      ],
    ],
  ]);
  expect(sectionsIn(script)).toEqual(sections);
});
