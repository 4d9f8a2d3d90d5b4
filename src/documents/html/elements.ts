/** Elements that are never read: code, controls and media. */
export const droppedElements: ReadonlySet<string> = new Set([
  'script', 'style', 'noscript', 'template', 'svg', 'canvas', 'iframe', 'frame', 'object', 'embed', 'audio', 'video', 'map', 'area',
  'input', 'select', 'button', 'textarea', 'datalist', 'progress', 'meter', 'link', 'meta', 'base', 'title', 'nav', 'ix:header',
]);

/** Elements that end a paragraph before and after them. */
export const blockElements: ReadonlySet<string> = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'caption', 'center', 'dd', 'details', 'dialog', 'div', 'dl', 'dt', 'fieldset', 'figcaption',
  'figure', 'footer', 'form', 'header', 'hgroup', 'hr', 'html', 'legend', 'li', 'main', 'ol', 'p', 'pre', 'search', 'section', 'summary', 'table',
  'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'ul', 'menu', 'dir', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'xmp', 'listing', 'plaintext',
]);

export const headingElements: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
export const listElements: ReadonlySet<string> = new Set(['ul', 'ol', 'menu', 'dir', 'dl']);
export const codeElements: ReadonlySet<string> = new Set(['pre', 'xmp', 'listing', 'plaintext']);

const hiddenStyle = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i;
const droppedRoles: ReadonlySet<string> = new Set(['navigation', 'search', 'menu', 'menubar', 'dialog', 'alertdialog']);

/** Classes of common software whose elements are for editors, printers or other pages, not for readers of this one. */
const droppedClasses: ReadonlySet<string> = new Set(['mw-editsection', 'mw-jump-link', 'navbox', 'noprint', 'mw-cite-backlink', 'visually-hidden', 'sr-only']);

const transparent = /(?:^|;)\s*(?:opacity\s*:\s*0(?:\.0*)?|color\s*:\s*transparent|font-size\s*:\s*(?:0|0?\.\d{1,3}|1(?=px|pt))(?:px|pt|em|rem|%)?|text-indent\s*:\s*-\d{4,}px|(?:left|top|right|bottom)\s*:\s*-\d{4,}px|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?:max-)?height\s*:\s*0(?:px)?|width\s*:\s*0(?:px)?)\s*(?:;|!|$|\)|,)/i;
const longestStyle = 2_000;
const letterColour = /(?:^|;)\s*color\s*:\s*([^;!]{1,40})/i;
const ground = /(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,40})/i;

/** Whether a reader does not see the element although its text may be kept: software shows such elements later, or hides by them. */
export function isConcealed(attributes: Readonly<Record<string, string>>): boolean {
  if ('hidden' in attributes || attributes['aria-hidden'] === 'true') return true;
  const classes = attributes['class'] ?? '';
  if (/(?:^|\s)(?:visually-hidden|sr-only|hidden|d-none)(?:\s|$)/.test(classes)) return true;
  const style = (attributes['style'] ?? '').slice(0, longestStyle);
  if (style === '') return false;
  return hiddenStyle.test(style) || transparent.test(style) || isOnOwnColour(style);
}

function isOnOwnColour(style: string): boolean {
  const [letters, behind] = [letterColour.exec(style)?.[1], ground.exec(style)?.[1]];
  return letters !== undefined && behind !== undefined && colourName(letters) === colourName(behind);
}

function colourName(value: string): string {
  return value.trim().toLowerCase().replace(/^(?:#fff(?:fff)?|rgb\(\s*255,\s*255,\s*255\s*\))$/, 'white').replace(/^#000(?:000)?$/, 'black');
}

/** Whether a reader never sees the element, or it only leads to other pages. */
export function isHidden(name: string, attributes: Readonly<Record<string, string>>): boolean {
  if (droppedElements.has(name)) return true;
  if ('hidden' in attributes && attributes['hidden'] !== 'until-found') return true;
  // Formulas as images are hidden from assistive software only, beside a markup that eyes do not see.
  if (attributes['aria-hidden'] === 'true' && name !== 'img') return true;
  if (hiddenStyle.test(attributes['style'] ?? '')) return true;
  if (droppedRoles.has(attributes['role'] ?? '')) return true;
  const classes = (attributes['class'] ?? '').split(/\s+/);
  if (name === 'sup' && classes.includes('reference')) return true;
  return classes.some((entry) => droppedClasses.has(entry)) && name !== 'body' && name !== 'html';
}
