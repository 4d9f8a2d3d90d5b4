/** English words that say nothing about a topic; kept small, since IDF makes light of common words anyway. */
const words = `a about above after again against all am an and any are as at be because been before being below between both but by
can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it
its itself just me more most my no nor not of off on once only or other our out over own same she should so some such than that the
their theirs them then there these they this those through to too under until up very was we were what when where which while who whom
why will with would you your yours
don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't it's i'm i've i'd i'll
you're you've you'll we're we've they're they've that's there's what's who's let's`;

export const stopWords: ReadonlySet<string> = new Set(words.split(/\s+/));
