/** What a page says to robots about itself. */
export interface RobotsDirectives {
  readonly noIndex: boolean;
  readonly noFollow: boolean;
}

/** Directives that have a colon of their own. */
const valued = /^(?:unavailable_after|max-snippet|max-image-preview|max-video-preview)$/;

/**
 * Reads `X-Robots-Tag` and the content of robots metas: `noindex, nofollow`, `none`, and `name: noindex`, which is meant for the robot of that name
 * and holds on until the next name.
 */
export function readDirectives(texts: readonly string[], robotName: string): RobotsDirectives {
  const said = new Set(texts.flatMap((text) => directivesFor(text.toLowerCase(), robotName.toLowerCase())));
  return { noIndex: said.has('noindex') || said.has('none'), noFollow: said.has('nofollow') || said.has('none') };
}

function directivesFor(text: string, robotName: string): string[] {
  let isMeant = true;
  return text.split(',').flatMap((part) => {
    const [, name, rest] = /^\s*([\w-]+)\s*:(.*)$/s.exec(part) ?? [];
    if (name === undefined || rest === undefined) return isMeant ? [part.trim()] : [];
    if (valued.test(name)) return [];
    isMeant = name === robotName;
    return isMeant ? [rest.trim()] : [];
  });
}
