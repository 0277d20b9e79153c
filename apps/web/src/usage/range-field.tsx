import { useTranslation } from 'react-i18next';
import { SelectField } from '../components/field.tsx';

/** Days up to now. */
const RANGES = [7, 30, 90, 365] as const;
export type Range = (typeof RANGES)[number];

export const USUAL_RANGE: Range = 30;

interface RangeFieldProps {
  value: Range;
  onChange: (range: Range) => void;
}

/** For how many days something is shown. */
export function RangeField({ value, onChange }: RangeFieldProps) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t('range.label')}
      value={value}
      onChange={({ target }) => onChange(RANGES.find((one) => one === Number(target.value)) ?? USUAL_RANGE)}
    >
      {RANGES.map((one) => (
        <option key={one} value={one}>
          {t(`range.${one}`)}
        </option>
      ))}
    </SelectField>
  );
}
