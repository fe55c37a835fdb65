/** The rules lawyer's form: what came up, what was ruled, and what to keep at hand. */

import { h } from '../dom.js';
import { field, group, section } from '../parts/field.js';
import { rows } from '../parts/rows.js';
import { texts } from '../parts/texts.js';
import { asList, asText } from '../parts/values.js';
import { bound } from '../paths.js';

/** @param {any} row  other clients list its sources */
const sourceOf = (row) => asText(row?.source) || asText(row?.sources);
const QUESTION = [
  { key: 'question', label: 'Question', width: 'wide', longest: 2000 },
  { key: 'answer', label: 'Ruling', kind: 'area', rows: 2, width: 'wide', longest: 10_000 },
  { key: 'source', label: 'Where it stands', says: sourceOf, width: 'wide', longest: 1000 },
];

/** @param {any} work */
export function rulesForm(work) {
  const favorites = () => asList(work.state.get()?.favorite_rules);
  const keep = {
    label: 'Keep as a favorite',
    offered: (/** @type {any} */ row) => asText(row?.answer) !== '' && !favorites().includes(asText(row.answer)),
    press: (/** @type {any} */ row) => work.update({ favorite_rules: [...favorites(), asText(row.answer)] }),
  };

  const parts = [
    section('At which table', [
      field({ label: 'Edition', ...bound(work, 'search_context.edition'), suggest: ['5e', '5e (2024)', 'Pathfinder 2e'] }),
      field({ label: 'Campaign', ...bound(work, 'search_context.campaign') }),
    ]),
    section('Questions asked', [
      rows({ label: 'Questions', noun: 'question', quiet: true, ...bound(work, 'active_query_history'), columns: QUESTION, action: keep }),
    ]),
    section('Favorite rules', [
      texts({
        label: 'Rules worth keeping',
        noun: 'rule',
        ...bound(work, 'favorite_rules'),
        draft: bound(work, 'tool_specific_data.new_rule'),
      }),
    ]),
  ];
  return group(h('div', {}, ...parts.map((part) => part.element)), parts);
}
