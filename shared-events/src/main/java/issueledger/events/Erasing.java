package issueledger.events;

import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Replaces an event's free texts, so that the payload still is one of its type and every fold works on it. */
public final class Erasing {
    public static final String ERASED = "[erased]";
    private static final String ERASED_URL = "https://erased.invalid/";

    /** Strings that identify something and stay. */
    private static final Set<String> KEPT_OF_METRICS = Set.of("name", "unit", "environment");

    private Erasing() {}

    /** The payload with its lines and texts erased. Numbers, dates, enum values, ids, metric names, units and environments stay. */
    public static String payload(String type, String revision, String payload) {
        IssueEvent event = EventJson.MAPPER.readValue(payload, EventJson.classOf(type, revision));
        return EventJson.write((IssueEvent) erased((Record) event));
    }

    /** The metadata with actor, reason and idempotency key erased. */
    public static String metadata(String metadata) {
        ObjectNode tree = (ObjectNode) EventJson.MAPPER.readTree(metadata);
        for (String field : List.of("actor", "reason", "idempotencyKey")) {
            if (tree.hasNonNull(field)) {
                tree.put(field, ERASED);
            }
        }
        return EventJson.MAPPER.writeValueAsString(tree);
    }

    private static Record erased(Record record) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object value = valueOf(record, components[i]);
            values[i] = isKept(record, components[i].getName()) ? value : erasedValue(components[i].getName(), value);
        }
        if (record instanceof LabelsChanged changed && !changed.add().isEmpty()) {
            values = new Object[] {List.of(ERASED), List.of()}; // A label is not in both lists.
        }
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return record.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getClass() + " cannot be erased", e);
        }
    }

    private static boolean isKept(Record record, String component) {
        return (record instanceof MetricRecorded && KEPT_OF_METRICS.contains(component))
                || (record instanceof IssueClosed && component.equals("duplicateOf"));
    }

    private static @Nullable Object erasedValue(String name, @Nullable Object value) {
        return switch (value) {
            case String text -> name.equals("url") ? ERASED_URL : ERASED;
            case Record nested -> erased(nested);
            case List<?> items -> {
                List<Object> erased = new ArrayList<>();
                items.forEach(item -> erased.add(erasedValue(name, item)));
                yield name.equals("add") || name.equals("remove")
                        ? erased.stream().distinct().toList()
                        : erased;
            }
            case null, default -> value;
        };
    }

    private static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
