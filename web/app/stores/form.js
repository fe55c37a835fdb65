/** The store's form: what hangs over the door, who stands behind the counter, what is on the shelves. */

import { h } from '../dom.js';
import { field, group, section } from '../parts/field.js';
import { rows } from '../parts/rows.js';
import { texts } from '../parts/texts.js';
import { bound } from '../paths.js';
import { blockList } from './block-list.js';
import { blockOf, blocksOf, patchBlock, SHELVES } from './blocks.js';
import { stocking } from './stocking.js';

const WARE = [
  { key: 'name', label: 'Ware' },
  { key: 'type', label: 'Kind', width: 'narrow' },
  { key: 'cost', label: 'Price', width: 'narrow' },
];

const ABOUT = { key: 'description', kind: 'area', rows: 2, width: 'wide', longest: 100_000 };
const STAFF = {
  type: 'employee',
  label: 'Staff',
  noun: 'helper',
  fields: [
    { key: 'name', label: 'Helper' },
    { key: 'role', label: 'Role' },
    { ...ABOUT, label: 'About them' },
  ],
};
const CUSTOMERS = {
  type: 'customer',
  label: 'Customers',
  noun: 'customer',
  fields: [
    { key: 'name', label: 'Customer' },
    { key: 'influence', label: 'Why they matter' },
    { ...ABOUT, label: 'About them' },
  ],
};
const SERVICES = {
  type: 'services',
  label: 'Services',
  noun: 'service',
  fields: [
    { key: 'name', label: 'Service' },
    { key: 'price', label: 'Price of it' },
    { ...ABOUT, label: 'What is done' },
  ],
};
const QUESTS = {
  type: 'quest',
  label: 'Quests',
  noun: 'quest',
  fields: [
    { key: 'name', label: 'Quest' },
    { key: 'reward', label: 'Reward' },
    { ...ABOUT, label: 'What is asked' },
  ],
};

/** @param {any} work @param {any} storage */
export function storeForm(work, storage) {
  /** @param {string} type @param {string} name */
  const block = (type, name) => ({
    path: (/** @type {any} */ state) => `store_draft_data.storeData.${blocksOf(state, type)[0]?.[0]}.${name}`,
    read: (/** @type {any} */ state) => blockOf(state, type)?.[name],
    write: (/** @type {any} */ value) => work.update(patchBlock(work.state.get() ?? {}, type, { [name]: value })),
  });
  const place = (/** @type {string} */ name) => block('store-properties', `store-${name}`);
  const owner = (/** @type {string} */ name) => block('owner', name);
  const shelves = Object.fromEntries(
    SHELVES.map(([key, label]) => [key, rows({ label, noun: 'ware', adds: false, ...block('inventory', key), columns: WARE })]),
  );
  const parts = [
    section('The sign over the door', [
      field({ label: 'Store name', ...block('title', 'title'), width: 'wide' }),
      field({ label: 'Description', ...block('title', 'description'), kind: 'area', rows: 5, width: 'wide', longest: 100_000 }),
    ]),
    section('The place', [
      field({ label: 'Kind of store', ...place('type') }),
      field({ label: 'Town', ...place('location') }),
      field({ label: 'District', ...place('district') }),
      field({ label: 'Street', ...place('street') }),
      field({ label: 'Hours', ...place('hours') }),
      field({ label: 'Size', ...place('size'), suggest: ['Small', 'Medium', 'Large'] }),
      field({ label: 'Reputation', ...place('reputation'), kind: 'area', rows: 2, width: 'wide', longest: 10_000 }),
      texts({ label: 'Rumors', noun: 'rumor', ...place('rumors'), draft: bound(work, 'tool_specific_data.new_rumor') }),
    ]),
    section('The owner', [
      field({ label: 'Owner', ...owner('name'), width: 'wide' }),
      field({ label: 'Species', ...owner('species') }),
      field({ label: 'Class', ...owner('class') }),
      field({ label: 'Looks', ...owner('description'), kind: 'area', rows: 2, width: 'wide', longest: 100_000 }),
      field({ label: 'Manner', ...owner('personality'), kind: 'area', rows: 2, width: 'wide', longest: 10_000 }),
      texts({ label: 'Secrets', noun: 'secret', ...owner('secrets'), draft: bound(work, 'tool_specific_data.new_secret') }),
    ]),
    section('Who else is there', [blockList(work, STAFF), blockList(work, CUSTOMERS)]),
    section('What there is besides goods', [blockList(work, SERVICES), blockList(work, QUESTS)]),
    section('The shelves', [...Object.values(shelves), stocking(shelves, storage)]),
  ];
  return group(h('div', {}, ...parts.map((part) => part.element)), parts);
}
