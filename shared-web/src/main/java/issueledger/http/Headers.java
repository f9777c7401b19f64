package issueledger.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** Reads headers: those that may be given once, and what {@code Accept} wants most. */
public final class Headers {
    /** The charset of a media range, if it is another one than UTF-8. */
    private static final Pattern OTHER_CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*+\"?+(?!utf-?8\"?\\s*(;|$))", Pattern.CASE_INSENSITIVE);

    private Headers() {}

    /** The header's value as UTF-8, null if it is absent; 400 if it is given twice or is not UTF-8. */
    public static @Nullable String single(HttpServletRequest request, String name) {
        List<String> values = Collections.list(request.getHeaders(name));
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw Problem.malformedParameter(name, "is given twice");
        }
        try {
            // The container reads each byte as one character.
            return utf8(values.get(0));
        } catch (CharacterCodingException e) {
            throw Problem.malformedParameter(name, "is not UTF-8");
        }
    }

    /**
     * The media ranges of {@code Accept}, without those in another charset than UTF-8, which no answer has; any type without the header.
     *
     * @throws InvalidMediaTypeException if it is no list of media ranges
     */
    public static List<MediaType> accepted(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(HttpHeaders.ACCEPT)).stream()
                .flatMap(header -> MimeTypeUtils.tokenize(header).stream())
                .filter(range -> !range.isBlank())
                .toList();
        return given.isEmpty()
                ? List.of(MediaType.ALL)
                : given.stream()
                        .filter(range -> !OTHER_CHARSET.matcher(range).find())
                        .map(MediaType::parseMediaType)
                        .toList();
    }

    /** How much {@code Accept} wants the type: that of the most specific range that includes it (RFC 9110, 12.5.1); 1 without one. */
    public static double quality(MediaType type, HttpServletRequest request) {
        return accepted(request).stream()
                .filter(range -> range.includes(type))
                .max(Comparator.comparingInt(range -> range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2))
                .map(MediaType::getQualityValue)
                .orElse(0.0);
    }

    /** The text whose UTF-8 these characters are the bytes of. */
    static String utf8(String bytes) throws CharacterCodingException {
        return UTF_8.newDecoder()
                .decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)))
                .toString();
    }
}
