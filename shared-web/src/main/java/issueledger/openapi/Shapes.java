package issueledger.openapi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.models.media.Schema;
import issueledger.http.Page;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * The schemas of what a service answers, made of the records that it writes: a component is a member that is always there, and null where
 * it may be. Each record is a schema of the document, under its own name or the one that it is given here.
 */
public final class Shapes {
    private final Map<String, Schema<?>> schemas = new TreeMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, Class<?>> owners = new LinkedHashMap<>();
    private final Map<String, Type> answered;

    /** @param answered what the methods behind the mappings return, by {@code GET /issues} */
    Shapes(Map<String, Type> answered) {
        this.answered = answered;
    }

    /** Another name in the document than in the code. */
    public Shapes named(String record, String name) {
        names.put(record, name);
        return this;
    }

    /** What the method behind a mapping answers. */
    public Schema<?> answered(String mapping) {
        Type type = answered.get(mapping);
        if (type == null) {
            throw new IllegalStateException(mapping + " is not mapped");
        }
        return of(type);
    }

    /** The schema of a member of one that was made before. */
    public Schema<?> memberOf(String name, String member) {
        return Objects.requireNonNull(
                Objects.requireNonNull(schemas.get(name)).getProperties().get(member));
    }

    public Map<String, Schema<?>> schemas() {
        return schemas;
    }

    /** A schema that no record stands for. */
    public Schema<?> add(String name, Schema<?> schema) {
        schemas.put(name, schema);
        return Schemas.ref(name);
    }

    /** A page of these items. */
    public Schema<?> page(Type item) {
        return pageOf(of(item));
    }

    public static Schema<?> pageOf(Schema<?> items) {
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        members.put("items", Schemas.listOf(items));
        members.put("nextCursor", Schemas.orNull(Schemas.string()).description("null on the last page"));
        return Schemas.object(members);
    }

    public Schema<?> of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Schema<?> element = of(generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == ResponseEntity.class) {
                return element;
            }
            return generic.getRawType() == Page.class ? pageOf(element) : Schemas.listOf(element);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == String.class) {
            return Schemas.string();
        } else if (plain == long.class || plain == Long.class || plain == int.class || plain == Integer.class) {
            return Schemas.integer();
        } else if (plain == BigDecimal.class) {
            return Schemas.of("number");
        } else if (plain == boolean.class || plain == Boolean.class) {
            return Schemas.bool();
        } else if (plain == Instant.class) {
            return Schemas.instant();
        } else if (plain == LocalDate.class) {
            return Schemas.date();
        } else if (plain.isEnum()) {
            return Schemas.oneOf(Arrays.stream(plain.getEnumConstants())
                    .map(Object::toString)
                    .toList());
        }
        return object(plain);
    }

    private Schema<?> object(Class<?> type) {
        String name = names.getOrDefault(type.getSimpleName(), type.getSimpleName());
        Class<?> owner = owners.putIfAbsent(name, type);
        if (owner != null && owner != type) {
            throw new IllegalStateException(owner + " and " + type + " would both be " + name);
        }
        if (owner == null) {
            Map<String, Schema<?>> members = new LinkedHashMap<>();
            List<String> required = new ArrayList<>();
            addMembers(type, members, required);
            schemas.put(name, Schemas.object(members, required));
        }
        return Schemas.ref(name);
    }

    private record Member(String name, AnnotatedType type, AnnotatedElement annotated) {}

    private void addMembers(Class<?> type, Map<String, Schema<?>> members, List<String> required) {
        for (Member member : membersOf(type)) {
            if (member.annotated().isAnnotationPresent(JsonUnwrapped.class)) {
                addMembers((Class<?>) member.type().getType(), members, required);
                continue;
            }
            boolean mayBeAbsent = member.annotated().isAnnotationPresent(JsonInclude.class);
            Schema<?> schema = member.annotated().isAnnotationPresent(JsonRawValue.class)
                    ? payload(member.name())
                    : of(member.type().getType());
            boolean mayBeNull = member.type().isAnnotationPresent(Nullable.class) && !mayBeAbsent;
            members.put(member.name(), mayBeNull ? Schemas.orNull(schema) : schema);
            if (!mayBeAbsent) {
                required.add(member.name());
            }
        }
    }

    /** What is written as it was recorded; the schema of that name, if the service has added one. */
    private Schema<?> payload(String name) {
        return schemas.containsKey("Payload")
                ? Schemas.ref("Payload")
                : Schemas.of("object").description(name);
    }

    private static List<Member> membersOf(Class<?> type) {
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> !isIgnored(type, component))
                    .map(component -> new Member(
                            component.getName(), component.getAnnotatedType(), field(type, component.getName())))
                    .toList();
        }
        Map<String, Member> fields = new LinkedHashMap<>();
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isAnnotationPresent(JsonIgnore.class)) {
                fields.put(field.getName(), new Member(field.getName(), field.getAnnotatedType(), field));
            }
        }
        JsonPropertyOrder order = type.getAnnotation(JsonPropertyOrder.class);
        if (order == null) {
            throw new IllegalStateException(type + " is no record and does not say how it is written");
        }
        return Arrays.stream(order.value()).map(fields::get).toList();
    }

    private static boolean isIgnored(Class<?> type, RecordComponent component) {
        return field(type, component.getName()).isAnnotationPresent(JsonIgnore.class);
    }

    /** Where Java keeps a component's annotations that are not meant for components. */
    private static Field field(Class<?> type, String name) {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
