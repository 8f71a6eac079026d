export const mapping = {
  field: { field: 'Champ' },
};
