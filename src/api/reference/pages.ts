import { errorTable } from '../../contracts/errors.ts';

/** Swagger UI from this very service: nothing is loaded from elsewhere. */
export const referencePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Catalyst Index: API reference</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/reference.js"></script>
</body>
</html>
`;

/** A file of its own, so that the content security policy needs no inline scripts. */
export const referenceScript = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { activated: true },
});
`;

/** All codes with status, meaning and remedy: where the type of every problem leads. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { status, retryable, title, remedy }]) => `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}.</td><td>${escape(remedy)}</td><td>${retryable ? 'yes' : 'no'}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Catalyst Index: error codes</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { border-bottom: 1px solid #ccc; padding: .5rem; text-align: left; vertical-align: top; }
tr:target { background: #fff3bf; }
</style>
</head>
<body>
<h1>Error codes</h1>
<p>The <code>code</code> of every problem, stable across versions. Back to the <a href="/docs">API reference</a>.</p>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th><th>Retry helps</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
