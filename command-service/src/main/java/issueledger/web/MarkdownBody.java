package issueledger.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import org.springframework.http.MediaType;

/** A request's body that is the issue template, filled in. */
public final class MarkdownBody {
    private MarkdownBody() {}

    /** 415 for a charset or coding that is not read. */
    public static String read(HttpServletRequest request, BodyMemoryLimit.Share share) {
        DeclaredType.require(MediaType.TEXT_MARKDOWN, request);
        byte[] body = JsonBody.bytes(request, share);
        if (body.length > JsonBody.MOST) {
            throw JsonBody.tooLarge("body");
        }
        return decode(body);
    }

    /** 400 with the line for a text that is not UTF-8. */
    static String decode(byte[] body) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("The document is not UTF-8.").at("line", lineOf(body), "is not UTF-8");
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
