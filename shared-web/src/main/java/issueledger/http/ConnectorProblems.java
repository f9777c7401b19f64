package issueledger.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.MediaType;

/** The connector's own refusals (a bad request line, headers too large) as problems. */
public class ConnectorProblems extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = problem(request, status);
        String path = request.getRequestURI();
        byte[] body = Problems.json(problem, path == null || !path.startsWith("/") ? "/" : path, TraceIds.random());
        try {
            response.setHeader(HttpConfiguration.NOSNIFF, "nosniff");
            response.setStatus(problem.status());
            problem.headers().forEach(response::setHeader);
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            container.getLogger().debug("the client went away", e);
        }
    }

    /** Requests that Tomcat answers with a 5xx although the client is at fault get a 400. */
    private static Problem problem(Request request, int status) {
        return switch (status) {
            case 501 ->
                "CONNECT".equals(request.getMethod())
                        ? Problems.plain(405).header("Allow", "GET, HEAD, OPTIONS, POST")
                        : Problem.malformed("The only Transfer-Encoding that is read here is chunked.");
            case 505 -> Problem.malformed("HTTP/1.1 and HTTP/1.0 are spoken here.");
            default -> Problems.plain(status);
        };
    }
}
