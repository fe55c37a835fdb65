const BROWSERS = ['Firefox', 'Edg', 'Chrome', 'Safari']; // each says it is those after it, too
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'];

/** What this device is called in the list of devices: "Firefox on Android".
 *  @param {string} agent  navigator.userAgent */
export function deviceLabel(agent) {
  const browser = BROWSERS.find((name) => agent.includes(name)) ?? 'A browser';
  const system = SYSTEMS.find((name) => agent.includes(name));
  return `${browser === 'Edg' ? 'Edge' : browser}${system ? ` on ${system}` : ''}`;
}
