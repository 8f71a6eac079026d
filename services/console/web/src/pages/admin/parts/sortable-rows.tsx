import {
  DragDropContext,
  Draggable,
  type DragStart,
  type DragUpdate,
  Droppable,
  type DropResult,
  type ResponderProvided,
} from '@hello-pangea/dnd';
import { ActionIcon, Box, CloseButton, Flex } from '@mantine/core';
import { IconGripVertical } from '@tabler/icons-react';
import { getNonce } from 'get-nonce';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** What tells rows apart while they move; it is no part of what is stored. */
export interface Keyed {
  readonly key: string;
}

let lastKey = 0;

/** The key of a row that was added. */
export function newKey(): string {
  lastKey += 1;
  return `new-${lastKey}`;
}

/** The rows with one at another place. */
export function moved<Row>(rows: readonly Row[], from: number, to: number): Row[] {
  const changed = [...rows];
  changed.splice(to, 0, ...changed.splice(from, 1));
  return changed;
}

/** The row as it is stored. */
export function withoutKey<Row extends Keyed>(row: Row): Omit<Row, 'key'> {
  const { key: _key, ...stored } = row;
  return stored;
}

interface SortableRowsProps<Row extends Keyed> {
  /** What the list is, for who cannot see it. */
  readonly label: string;
  readonly rows: readonly Row[];
  /** What a row is called when it is moved or removed. */
  readonly nameOf: (row: Row, at: number) => string;
  readonly onMove: (from: number, to: number) => void;
  readonly onRemove?: (at: number) => void;
  readonly children: (row: Row, at: number) => ReactNode;
}

/**
 * Rows whose order matters: dragged by their handle, or moved by the keys (space takes one, arrows move it, space leaves
 * it there, escape puts it back). What happens is told to screen readers.
 */
export function SortableRows<Row extends Keyed>(props: SortableRowsProps<Row>) {
  const { label, rows, onMove } = props;
  const { t } = useTranslation();
  const list = useRef<HTMLElement>(null);
  const end = ({ source, destination, reason }: DropResult, { announce }: ResponderProvided): void => {
    const to = reason === 'DROP' ? destination?.index : undefined;
    announce(to === undefined ? t('admin.rows.cancelled') : t('admin.rows.dropped', { place: to + 1 }));
    if (to !== undefined && to !== source.index) onMove(source.index, to);
  };
  const tellStart = ({ source }: DragStart, { announce }: ResponderProvided): void =>
    announce(t('admin.rows.lifted', { place: source.index + 1, count: rows.length }));
  const tellPlace = ({ destination }: DragUpdate, { announce }: ResponderProvided): void =>
    announce(t('admin.rows.over', { place: (destination?.index ?? 0) + 1, count: rows.length }));
  return (
    <DragDropContext
      onDragStart={tellStart}
      onDragUpdate={tellPlace}
      onDragEnd={end}
      dragHandleUsageInstructions={t('admin.rows.instructions')}
      nonce={getNonce() ?? ''}
    >
      <Droppable droppableId="rows">
        {({ innerRef, droppableProps, placeholder }) => (
          <Box
            component="ul"
            ref={(element: HTMLElement | null) => {
              innerRef(element);
              list.current = element;
            }}
            {...droppableProps}
            aria-label={label}
            tabIndex={-1}
            m={0}
            p={0}
            style={{ listStyle: 'none', outline: 'none' }}
          >
            {rows.map((row, at) => (
              <SortableRow key={row.key} {...props} row={row} at={at} onRemoved={() => list.current?.focus()} />
            ))}
            {placeholder}
          </Box>
        )}
      </Droppable>
    </DragDropContext>
  );
}

type SortableRowProps<Row extends Keyed> = SortableRowsProps<Row> & {
  readonly row: Row;
  readonly at: number;
  readonly onRemoved: () => void;
};

function SortableRow<Row extends Keyed>(props: SortableRowProps<Row>) {
  const { row, at, nameOf, onRemove, onRemoved, children } = props;
  const { t } = useTranslation();
  const name = nameOf(row, at);
  const remove = (): void => {
    onRemove?.(at);
    // What had the focus is gone.
    onRemoved();
  };
  return (
    <Draggable draggableId={row.key} index={at}>
      {({ innerRef, draggableProps, dragHandleProps }, { isDragging }) => (
        <Box
          component="li"
          ref={innerRef}
          {...draggableProps}
          data-row={row.key}
          mb="xs"
          p="xs"
          bd="1px solid var(--mantine-color-default-border)"
          bdrs="md"
          bg="var(--mantine-color-body)"
          {...(isDragging ? { 'data-dragging': true, style: { ...draggableProps.style, boxShadow: shadow } } : {})}
        >
          <Flex gap="xs" align="start">
            <ActionIcon
              component="div"
              variant="subtle"
              color="gray"
              aria-label={t('admin.rows.move', { name })}
              style={{ cursor: 'grab' }}
              mt={3}
              {...dragHandleProps}
            >
              <IconGripVertical size={18} aria-hidden />
            </ActionIcon>
            <Box flex={1} miw={0}>
              {children(row, at)}
            </Box>
            {onRemove !== undefined && (
              <CloseButton mt={3} aria-label={t('admin.rows.remove', { what: name })} onClick={remove} />
            )}
          </Flex>
        </Box>
      )}
    </Draggable>
  );
}

const shadow = 'var(--mantine-shadow-md)';
