package issueledger.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.Problem;
import issueledger.http.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** The media type that a request declares for its body. */
public final class DeclaredType {
    private DeclaredType() {}

    /** Whether the body is declared as this type, of whatever charset. */
    public static boolean is(MediaType type, HttpServletRequest request) {
        MediaType declared = parsed(request);
        return declared != null && declared.equalsTypeAndSubtype(type);
    }

    /** Refuses a body that is declared as another type, in another charset than UTF-8 or as encoded; none declared is right here. */
    public static void require(MediaType type, HttpServletRequest request) {
        String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if ((request.getContentType() != null && !isInUtf8(type, request))
                || (coding != null && !"identity".equalsIgnoreCase(coding))) {
            throw unsupported(type);
        }
    }

    /** 415, for a body that is not of this type. */
    public static Problem unsupported(MediaType type) {
        return Problems.unsupportedMediaType(type.toString(), " in UTF-8, without a Content-Encoding");
    }

    private static boolean isInUtf8(MediaType type, HttpServletRequest request) {
        MediaType declared = parsed(request);
        return declared != null
                && declared.equalsTypeAndSubtype(type)
                && (declared.getCharset() == null || declared.getCharset().equals(UTF_8));
    }

    /** Null where no type, several or a malformed one is declared. */
    private static @Nullable MediaType parsed(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null
                || Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE))
                                .size()
                        > 1) {
            return null;
        }
        try {
            return MediaType.parseMediaType(type);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
