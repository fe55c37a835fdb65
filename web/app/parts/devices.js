/** What a device is called that has written something. */

/** @type {WeakMap<object, Promise<Map<string, string>>>} */
const known = new WeakMap();

/** The labels of one's own devices by their ids; of none, where they cannot be read now.
 *  @param {any} storage @returns {Promise<Map<string, string>>} */
export function devicesOf(storage) {
  const found =
    known.get(storage) ??
    storage.session
      .devices()
      .then((/** @type {any[]} */ all) => new Map(all.map((one) => [one.id ?? one.device_id, one.label ?? ''])))
      .catch(() => (known.delete(storage), new Map()));
  known.set(storage, found);
  return found;
}

/** "on this device", "on Firefox on Android", "on another device"; nothing where nobody knows.
 *  @param {string | undefined} device  an id or a label @param {Map<string, string>} labels */
export function onDevice(device, labels) {
  if (!device) return '';
  if (device === thisDevice()) return 'on this device';
  const label = labels.get(device) ?? (/^[0-9a-f-]{32,}$/i.test(device) ? '' : device);
  return label ? `on ${label}` : 'on another device';
}

function thisDevice() {
  try {
    return localStorage.getItem('dungeonmind-device');
  } catch {
    return null; // a browser that keeps nothing
  }
}
