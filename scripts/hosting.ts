/**
 * How common hosts send the headers of a build: `_headers` and a snippet each, all from scripts/ship/csp.ts, so that they
 * cannot drift. `npx tsx scripts/hosting.ts` writes the snippets into the hosting guide.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printOut } from './common/terminal';
import { headersFor, immutable, policy } from './ship/csp';
import { inlineScript, speculationRules } from './ship/page';

/** The page that shows the snippets. */
export const HOSTING_PAGE = 'docs/introduction/hosting.mdx';

type Headers = Readonly<Record<string, string>>;

/** Headers of every build: what is inline is the same on all pages. */
export function buildHeaders(): Headers {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return headersFor(policy([inlineScript, speculationRules].map(hash).sort()));
}

const entries = (headers: Headers, line: (name: string, value: string) => string): string =>
  Object.entries(headers)
    .map(([name, value]) => line(name, value))
    .join('\n');

function nginx(headers: Headers, base: string): string {
  return `# /etc/nginx/conf.d/runbook.conf
map $uri $runbook_cache {
    default       "no-cache";
    ~/assets/     "${immutable}";
}

server {
    listen 80;                      # 443 ssl, with your certificate
    server_name runbook.example;
    root /srv/runbook;
    index index.html;
    # A folder is redirected to its slash by path alone, also behind a proxy that speaks TLS.
    absolute_redirect off;
    error_page 403 404 =404 ${base}404.html;
    charset utf-8;
    gzip on;
    gzip_vary on;
    gzip_types text/css text/javascript application/javascript application/json image/svg+xml text/plain;
    add_header Cache-Control $runbook_cache always;
${entries(headers, (name, value) => `    add_header ${name} "${value}" always;`)}
}`;
}

function caddy(headers: Headers, base: string): string {
  return `# /etc/caddy/Caddyfile
runbook.example {
    root * /srv/runbook
    encode gzip
    file_server
    @assets path */assets/*
    @pages not path */assets/*
    header @assets Cache-Control "${immutable}"
    header @pages Cache-Control "no-cache"
    header {
${entries(headers, (name, value) => `        ${name} "${value}"`)}
    }
    handle_errors {
        rewrite * ${base}404.html
        # What is missing today may be there tomorrow, below assets as well.
        header Cache-Control "no-cache"
        file_server
    }
}`;
}

function cloudfront(headers: Headers): string {
  const own = ['Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy'];
  const value = (name: string): string => headers[name] ?? '';
  const custom = Object.entries(headers).filter(([name]) => !own.includes(name));
  const config = {
    Name: 'runbook',
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: value('Content-Security-Policy') },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { Override: true, ReferrerPolicy: value('Referrer-Policy') },
    },
    CustomHeadersConfig: {
      Quantity: custom.length,
      Items: custom.map(([Header, Value]) => ({ Header, Value, Override: true })),
    },
  };
  return JSON.stringify(config, null, 2);
}

/**
 * Snippets by name, with the language of their fence.
 * @param base Path of the site with both slashes; its files lie in a folder of that name below /srv/runbook.
 */
export function snippets(
  headers: Headers,
  base = '/',
): Readonly<Record<string, readonly [language: string, text: string]>> {
  return {
    nginx: ['nginx', nginx(headers, base)],
    caddy: ['text', caddy(headers, base)],
    cloudfront: ['json', cloudfront(headers)],
  };
}

/** The guide with its generated parts made anew. @throws RangeError when a part is not marked in the page. */
export function withSnippets(page: string, headers: Headers): string {
  let text = page;
  for (const [name, [language, snippet]] of Object.entries(snippets(headers))) {
    const part = new RegExp(`(\\{/\\*generated:${name}\\*/\\}\\n)[\\s\\S]*?(\\n\\{/\\*end:${name}\\*/\\})`);
    if (!part.test(text)) throw new RangeError(`${HOSTING_PAGE} has no place for ${name}`);
    text = text.replace(
      part,
      (_, start: string, end: string) => `${start}\n\`\`\`${language}\n${snippet}\n\`\`\`\n${end}`,
    );
  }
  return text;
}

if (require.main === module) {
  const file = join(resolve(__dirname, '..'), HOSTING_PAGE);
  writeFileSync(file, withSnippets(readFileSync(file, 'utf8'), buildHeaders()));
  printOut(`${HOSTING_PAGE}: written\n`);
}
