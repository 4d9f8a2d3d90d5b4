/** The lists that are used; the library has no types. */
declare module 'stopword' {
  type Lists = Readonly<Record<'ara' | 'cat' | 'ces' | 'dan' | 'deu' | 'eus' | 'fin' | 'fra' | 'hun' | 'hye' | 'ita' | 'nld' | 'nob' | 'por' | 'ron' | 'rus' | 'slv' | 'spa' | 'swe' | 'tur', readonly string[]>>;
  const lists: Lists;
  export = lists;
}
