/** A store to start from, where there is none yet. All of it is ours. */
export const upturnedKeel = {
  store_draft_data: {
    storeData: {
      'block-0': {
        type: 'title',
        title: 'The Upturned Keel',
        description:
          'A merchant hull lies keel-up on the shingle, and somebody has cut a door into it. What the sea gives back is dried, mended and sold again: “twice lost, once paid for”.',
      },
      'block-2': {
        type: 'store-properties',
        'store-type': 'Salvage and ship’s chandlery',
        'store-location': 'Saltmere Haven',
        'store-street': 'Shingle Walk',
        'store-hours': 'Between the tides',
        'store-rumors': ['Something knocks at the hull from below, and the owner knocks back.'],
      },
      'block-4': {
        type: 'owner',
        name: 'Orsolya Fenn-Dacé',
        species: 'Gnome',
        class: 'retired ship’s mage',
        personality: 'Dry, patient, exact to the copper.',
      },
      'block-14': {
        type: 'inventory',
        core_inventory: [
          { id: 'rope', name: 'Tarred rope, 50 ft.', type: 'Equipment', cost: '2 gp' },
          { id: 'lantern', name: 'Diver’s lantern', type: 'Tool', cost: '14 gp' },
        ],
        magical_items: [{ id: 'wind', name: 'Bottled fair wind', type: 'Wonder', cost: '120 gp' }],
      },
    },
  },
};
