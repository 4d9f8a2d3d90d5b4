export interface FrontMatter {
  readonly title?: string;
  readonly language?: string;
  /** The document without its front matter. */
  readonly content: string;
}

function unquote(value: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(value.trim());
  return quoted?.[2] ?? value.trim();
}

/** Reads title and language from YAML (`---`) or TOML (`+++`) front matter; its other fields are not content. */
export function splitFrontMatter(source: string): FrontMatter {
  const match = /^\s*(---|\+\+\+)[^\S\n]*\n([\s\S]*?)\n\1[^\S\n]*(?:\n|$)/.exec(source);
  const fields = match?.[2];
  // A rule between two paragraphs looks the same but holds no fields.
  if (match === null || fields === undefined || !/^[\w-]+\s*[:=]/m.test(fields)) return { content: source };
  const field = (name: string): string | undefined => {
    const value = new RegExp(`^${name}\\s*[:=]\\s*(.+)$`, 'im').exec(fields)?.[1];
    return value === undefined || unquote(value) === '' ? undefined : unquote(value);
  };
  const title = field('title');
  const language = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.exec(field('lang') ?? field('language') ?? '')?.[0];
  return { content: source.slice(match[0].length), ...(title === undefined ? {} : { title }), ...(language === undefined ? {} : { language }) };
}
