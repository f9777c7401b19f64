package issueledger.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.Problem;
import issueledger.http.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** A request's body that is the issue template, filled in. */
public final class MarkdownBody {
    private MarkdownBody() {}

    /** Whether the request says that its body is Markdown, of whatever charset. */
    public static boolean isMarkdown(HttpServletRequest request) {
        String type = request.getContentType();
        try {
            return type != null
                    && !JsonBody.isTwofold(request)
                    && MediaType.parseMediaType(type).equalsTypeAndSubtype(MediaType.TEXT_MARKDOWN);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** 415 for a charset or coding that is not read. */
    public static String read(HttpServletRequest request, BodyMemoryLimit.Share share) {
        Charset charset = charset(request);
        String coding = request.getHeader("Content-Encoding");
        if ((charset != null && !charset.equals(UTF_8)) || (coding != null && !"identity".equalsIgnoreCase(coding))) {
            throw Problems.unsupportedMediaType("text/markdown in UTF-8, without a Content-Encoding");
        }
        byte[] body = JsonBody.bytes(request, share);
        if (body.length > JsonBody.MOST) {
            throw JsonBody.tooLarge("body");
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("The document is not UTF-8.").at("line", lineOf(body), "is not UTF-8");
        }
    }

    private static @Nullable Charset charset(HttpServletRequest request) {
        try {
            return MediaType.parseMediaType(request.getContentType()).getCharset();
        } catch (IllegalArgumentException e) {
            throw Problems.unsupportedMediaType("text/markdown in UTF-8, without a Content-Encoding");
        }
    }

    /** Of the first byte that is none of UTF-8, from 1. */
    private static int lineOf(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        UTF_8.newDecoder().decode(in, CharBuffer.allocate(body.length + 1), true);
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += body[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
