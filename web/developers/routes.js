const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** The routes of an OpenAPI description, by tag, in the description's order.
 *  @param {{paths?: object, tags?: {name: string, description?: string}[]}} description
 *  @returns {{tag: string, about: string, routes: {method: string, path: string, summary: string}[]}[]} */
export function routesByTag({ paths = {}, tags = [] }) {
  const groups = new Map(tags.map(({ name, description = '' }) => [name, { tag: name, about: description, routes: [] }]));
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of METHODS.filter((name) => name in operations)) {
      const { tags: [tag = 'Other'] = [], summary = '' } = operations[method];
      if (!groups.has(tag)) groups.set(tag, { tag, about: '', routes: [] });
      groups.get(tag).routes.push({ method: method.toUpperCase(), path, summary });
    }
  }
  return [...groups.values()].filter(({ routes }) => routes.length > 0);
}
