/** A card to start from, where there is none yet: facts in the manner of the 5e SRD, words of our own. */
export const sunblade = {
  currentStep: 'text-generation',
  itemDetails: {
    name: 'Sunblade',
    type: 'Weapon (longsword)',
    rarity: 'Rare',
    value: '5,000 gp',
    weight: '3 lb.',
    damageFormula: '1d8 + 2',
    damageType: 'radiant',
    description:
      'What hangs from the belt is only a hilt. Close a hand around it, will the morning to come, and a blade of clear light stands where no steel ever was.\nThe undead it strikes take 1d8 more. Bright for 15 feet, dim for 15 feet beyond.',
    properties: ['Finesse', 'Requires attunement', 'Sheds true sunlight'],
    quote: '“It weighs nothing. What it shows you does.”',
    sdPrompt: 'A worn bronze sword hilt held upright in a dark crypt, its blade made of warm morning light, engraving style',
  },
  toolSpecificData: { frame: 'double', backText: 'Until the morning' },
};
