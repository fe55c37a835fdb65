/** Rulings to start from, where there are none yet. */
export const grappledWizard = {
  search_context: { edition: '5e', campaign: 'The Upturned Keel' },
  active_query_history: [
    {
      id: 'grapple',
      question: 'May a grappled wizard cast a spell with gestures?',
      answer: 'Yes. A grapple takes the speed, not the hands.',
      source: 'Conditions: Grappled',
    },
    {
      id: 'hands',
      question: 'And with both hands tied?',
      answer: 'Then not: a gesture needs one free hand.',
      source: 'Casting a Spell: Components',
    },
  ],
  favorite_rules: ['A grapple ends when the grappler is incapacitated.'],
};
