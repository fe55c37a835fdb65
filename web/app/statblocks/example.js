/** A creature to start from, where there is none yet: made in the manner of the 5e SRD, all of it ours. */
export const lanternWisp = {
  statblock_draft_data: {
    name: 'Lantern Wisp',
    size: 'Tiny',
    type: 'fey',
    alignment: 'neutral',
    armorClass: 15,
    hitPoints: 18,
    hitDice: '4d4 + 8',
    speed: { walk: 0, fly: 40 },
    abilities: { str: 3, dex: 20, con: 14, int: 11, wis: 14, cha: 16 },
    savingThrows: { Dexterity: 7 },
    skills: { Stealth: 7, Deception: 5 },
    damageImmunity: 'fire, radiant',
    senses: { darkvision: 60, passive_perception: 12 },
    languages: 'understands Sylvan',
    challengeRating: '1',
    xp: 200,
    specialAbilities: [
      {
        id: 'lure',
        name: 'Homely Light',
        desc: 'A creature that starts its turn within 30 feet and sees the wisp makes a Wisdom save against 13, or must spend its movement coming closer.',
      },
    ],
    actions: [{ id: 'scorch', name: 'Scorch', attack_bonus: 7, damage: '2d6 fire', desc: 'One creature within 5 feet.' }],
    bonusActions: [{ id: 'gutter', name: 'Gutter', desc: 'The wisp goes dark and hides.' }],
  },
};
