package issueledger.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.admission.Traffic.Sample;
import jakarta.servlet.ServletRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.OutputBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends sample requests through the connector's adapter before the service is ready, since a cold service is slow. They carry a mark that
 * no client can send: with it they pass the token check and leave no metric, refusal or log line.
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String MARK = WarmUp.class.getName();

    private static final int REFUSALS = 3_000;
    private static final int HEAP = 1024 * 1024;

    private WarmUp() {}

    public static boolean isWarmUp(ServletRequest request) {
        return Boolean.TRUE.equals(request.getAttribute(MARK));
    }

    /** Sends the samples over and over, on as many threads as there are processors, until the time is over. */
    static void run(Connector connector, List<Sample> samples, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        int threads = Runtime.getRuntime().availableProcessors();
        CountDownLatch done = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Thread.ofVirtual().name("warm-up").start(() -> {
                try {
                    while (System.nanoTime() < end) {
                        for (Sample sample : samples) {
                            send(connector, sample);
                        }
                    }
                } catch (Exception e) {
                    LOG.warn("The warm-up ended early; the first requests will be slower", e);
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
    }

    /** Compiles the refusal of requests too, which an overloaded cold service needs first. Does not count in the metrics. */
    static void refuse(Traffic traffic) {
        EarlyRefusal spare = new EarlyRefusal(new Admission(HEAP, HEAP, HEAP, false, System::nanoTime), traffic);
        for (int i = 0; i < REFUSALS; i++) {
            spare.answerTo(
                    "GET /issues?limit=" + i + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n");
        }
    }

    private static void send(Connector connector, Sample sample) throws Exception {
        byte[] body = sample.body().getBytes(UTF_8);
        Request request = new Request();
        Response response = new Response();
        request.setResponse(response);
        request.setInputBuffer(new Given(body));
        response.setOutputBuffer(new Nowhere());
        request.setMethod(sample.method());
        request.protocol().setString("HTTP/1.1");
        request.scheme().setString("http");
        request.serverName().setString("localhost");
        request.setServerPort(connector.getLocalPort());
        request.remoteAddr().setString("127.0.0.1");
        request.requestURI().setString(sample.path());
        request.decodedURI().setString(sample.path());
        if (!sample.query().isEmpty()) {
            request.queryString().setString(sample.query());
        }
        request.getMimeHeaders().addValue("host").setString("localhost");
        if (body.length > 0) {
            request.getMimeHeaders().addValue("content-type").setString("application/json");
        }
        request.setContentLength(body.length);
        request.setAttribute(MARK, true);
        connector.getProtocolHandler().getAdapter().service(request, response);
    }

    /** A request body in memory. */
    private static final class Given implements InputBuffer {
        private final ByteBuffer body;

        Given(byte[] body) {
            this.body = ByteBuffer.wrap(body);
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) {
            if (!body.hasRemaining()) {
                return -1;
            }
            int length = body.remaining();
            handler.setByteBuffer(body.duplicate());
            body.position(body.limit());
            return length;
        }

        @Override
        public int available() {
            return body.remaining();
        }
    }

    /** Discards the answer. */
    private static final class Nowhere implements OutputBuffer {
        private long written;

        @Override
        public int doWrite(ByteBuffer chunk) {
            int length = chunk.remaining();
            chunk.position(chunk.limit());
            written += length;
            return length;
        }

        @Override
        public long getBytesWritten() {
            return written;
        }
    }
}
