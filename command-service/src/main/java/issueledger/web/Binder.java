package issueledger.web;

import issueledger.events.InvalidValue;
import issueledger.events.InvalidValue.Offence;
import issueledger.events.IssueEvent;
import issueledger.events.Resolution;
import issueledger.events.Rfc3339;
import issueledger.handling.Submission;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issue.IssueCommand;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a command of a JSON object, and finds all its offences at once: unknown fields and wrong types are {@code 400
 * /problems/malformed}, missing and invalid values {@code 422 /problems/invalid}. The fields are the components of the command's
 * record; those of an event that it holds are the body's own.
 */
public final class Binder {
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    /** Maximum offences of a kind in an answer; a body can have a million. */
    static final int MAX_TOLD = 100;

    private final List<Offence> shape = new ArrayList<>();
    private final List<Offence> values = new ArrayList<>();
    /** Pointers of given values that null or 0 replaces. */
    private final Set<String> standIns = new HashSet<>();

    /** A command and the fields of every body. */
    public record Bound(
            IssueCommand command,
            @Nullable String reason,
            @Nullable Instant effectiveAt) {}

    /** A component of a record; the fields of a flat one, an event, are its holder's. */
    private record Part(String name, Type type, Class<?> plain) {
        boolean isFlat() {
            return IssueEvent.class.isAssignableFrom(plain);
        }
    }

    /**
     * The form of a record's JSON object; made once per record, since reflection is slow.
     *
     * @param fields of its object, with those of an event that it holds
     * @param bodyFields the fields, and those of every body
     */
    private record Form(List<Part> parts, Constructor<?> constructor, Set<String> fields, Set<String> bodyFields) {
        private static final ClassValue<Form> FORMS = new ClassValue<>() {
            @Override
            protected Form computeValue(Class<?> type) {
                List<Part> parts = Arrays.stream(type.getRecordComponents())
                        .map(c -> new Part(c.getName(), c.getGenericType(), c.getType()))
                        .toList();
                Set<String> fields = new LinkedHashSet<>();
                parts.forEach(
                        part -> fields.addAll(part.isFlat() ? of(part.plain()).fields() : Set.of(part.name())));
                Set<String> bodyFields = new LinkedHashSet<>(fields);
                bodyFields.addAll(List.of("reason", "effectiveAt"));
                Constructor<?> constructor = canonical(type);
                constructor.setAccessible(
                        true); // Nested in an interface, they are public; their package may not be open.
                return new Form(parts, constructor, fields, bodyFields);
            }
        };

        static Form of(Class<?> type) {
            return FORMS.get(type);
        }

        private static Constructor<?> canonical(Class<?> type) {
            try {
                return type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new));
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(type + " is no record", e);
            }
        }
    }

    public static Bound bind(Class<? extends IssueCommand> type, ObjectNode body, Instant now) {
        return new Binder().command(type, body, now);
    }

    private Bound command(Class<? extends IssueCommand> type, ObjectNode body, Instant now) {
        refuseUnknown(body, Form.of(type).bodyFields(), "");
        IssueCommand command = construct(type, body, "");
        String reason = (String) convert(String.class, body.get("reason"), "/reason");
        Instant effectiveAt = (Instant) convert(Instant.class, body.get("effectiveAt"), "/effectiveAt");
        refuse(shape, List.of());
        try {
            Submission.check(type, resolution(body), reason, effectiveAt, now);
        } catch (InvalidValue e) {
            e.offences().forEach(offence -> tell(values, offence));
        }
        refuse(List.of(), values);
        return new Bound(Objects.requireNonNull(command), reason, effectiveAt);
    }

    /** 400 with all offences of shape, else 422 with all of values, if there are any. */
    public static void refuse(List<Offence> shape, List<Offence> values) {
        if (!shape.isEmpty()) {
            throw Problem.malformed(summary(shape)).with("errors", shape);
        }
        if (!values.isEmpty()) {
            throw new Problem(ProblemType.INVALID, summary(values)).with("errors", values);
        }
    }

    private static @Nullable Resolution resolution(ObjectNode body) {
        String given = body.path("resolution").asString("");
        return Stream.of(Resolution.values())
                .filter(resolution -> resolution.name().equals(given))
                .findFirst()
                .orElse(null);
    }

    private static String summary(List<Offence> offences) {
        Offence first = offences.get(0);
        String where = first.pointer().isEmpty() ? "The body" : first.pointer();
        return where + " " + first.detail() + (offences.size() > 1 ? ", and " + (offences.size() - 1) + " more." : ".");
    }

    private static <T> void tell(Collection<T> told, T one) {
        if (told.size() < MAX_TOLD) {
            told.add(one);
        }
    }

    private void refuseUnknown(ObjectNode node, Set<String> known, String pointer) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                String at = pointer + "/" + printable(name.replace("~", "~0").replace("/", "~1"));
                tell(shape, new Offence(at, "is not a field here; there are " + String.join(", ", known)));
            }
        }
    }

    private <T> @Nullable T construct(Class<T> type, ObjectNode node, String pointer) {
        Form form = Form.of(type);
        @Nullable Object[] arguments = new Object[form.parts().size()];
        boolean whole = true;
        for (int i = 0; i < arguments.length; i++) {
            Part part = form.parts().get(i);
            if (part.isFlat()) {
                arguments[i] = construct(part.plain(), node, pointer);
                whole &= arguments[i] != null;
            } else {
                arguments[i] = convert(part.type(), node.get(part.name()), pointer + "/" + part.name());
            }
        }
        if (!shape.isEmpty()) {
            return null;
        }
        try {
            // Made even if not whole: its other fields may have offences of their own.
            T made = type.cast(form.constructor().newInstance(arguments));
            return whole ? made : null;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InvalidValue invalid) {
                add(invalid, pointer);
                return null;
            }
            throw new IllegalStateException(type.getSimpleName() + " cannot be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getSimpleName() + " cannot be made", e);
        }
    }

    /** Drops offences of a stand-in: the bad value that it replaces has its own. */
    private void add(InvalidValue invalid, String parent) {
        for (Offence offence : invalid.offences()) {
            Offence placed = offence.under(parent);
            boolean told = offence.pointer().isEmpty()
                    ? standIns.stream().anyMatch(standIn -> standIn.startsWith(parent + "/"))
                    : standIns.contains(placed.pointer());
            if (!told) {
                tell(values, placed);
            }
        }
    }

    private @Nullable Object convert(Type type, @Nullable JsonNode node, String pointer) {
        Object value = converted(type, node, pointer);
        if (value == null && node != null && !node.isNull()) {
            tell(standIns, pointer);
        }
        return value;
    }

    private @Nullable Object converted(Type type, @Nullable JsonNode node, String pointer) {
        if (node == null || node.isNull()) {
            return type == long.class ? wrongValue(pointer, "is required", type) : null;
        }
        if (type instanceof ParameterizedType list) {
            return node.isArray()
                    ? list(list.getActualTypeArguments()[0], node, pointer)
                    : wrongType(pointer, "an array", type);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            if (node instanceof ObjectNode object) {
                refuseUnknown(object, Form.of(plain).fields(), pointer);
                return construct(plain, object, pointer);
            }
            return wrongType(pointer, "an object", type);
        }
        if (plain == long.class || plain == Long.class || plain == BigDecimal.class) {
            return node.isNumber() ? number(plain, node.decimalValue(), pointer) : wrongType(pointer, "a number", type);
        }
        if (!node.isString()) {
            return wrongType(pointer, "a string", type);
        }
        String text = node.stringValue();
        if (plain == String.class) {
            return text;
        } else if (plain.isEnum()) {
            return enumValue(plain, text, pointer);
        } else if (plain == LocalDate.class) {
            return date(text, pointer);
        } else if (plain == Instant.class) {
            return instant(text, pointer);
        }
        throw new IllegalStateException("no field can be a " + plain.getSimpleName());
    }

    private @Nullable Object wrongType(String pointer, String wanted, Type type) {
        tell(shape, new Offence(pointer, "must be " + wanted));
        return type == long.class ? 0L : null;
    }

    private List<@Nullable Object> list(Type element, JsonNode array, String pointer) {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonNode item : array) {
            String at = pointer + "/" + items.size();
            if (item.isNull()) {
                tell(values, new Offence(at, "must not be null"));
                tell(standIns, at);
            }
            items.add(convert(element, item, at));
        }
        return items;
    }

    private @Nullable Object number(Class<?> type, BigDecimal value, String pointer) {
        if (type == BigDecimal.class) {
            return value;
        }
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        if (plain.scale() > 0) {
            return wrongValue(pointer, "must be an integer", type);
        }
        try {
            // A scale like -1000000000 must not be written out.
            if ((long) plain.precision() - plain.scale() <= 19) {
                return plain.longValueExact();
            }
        } catch (ArithmeticException e) {
            // It has 19 digits and is beyond a long: refused below.
        }
        return wrongValue(pointer, "is out of range", type);
    }

    private @Nullable Object wrongValue(String pointer, String detail, Type type) {
        tell(values, new Offence(pointer, detail));
        return type == long.class ? 0L : null;
    }

    private @Nullable Object enumValue(Class<?> type, String text, String pointer) {
        List<String> names = Stream.of(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .toList();
        int found = names.indexOf(text);
        return found >= 0
                ? type.getEnumConstants()[found]
                : wrongValue(pointer, "must be one of " + String.join(", ", names), type);
    }

    private @Nullable Object date(String text, String pointer) {
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException e) {
            // It is no day of the calendar: refused below.
        }
        return wrongValue(pointer, "must be a date like 2026-02-14", LocalDate.class);
    }

    private @Nullable Object instant(String text, String pointer) {
        Instant instant = Rfc3339.parse(text);
        return instant != null
                ? instant
                : wrongValue(
                        pointer, "must be a time with an offset like 2026-02-14T09:30:00Z (RFC 3339)", Instant.class);
    }

    /** Half a surrogate pair has no UTF-8. */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
